package partyline.deploy.check;

import java.util.List;

/** All that is known of a run: what was asked, what was told, and what came of it. */
public record History(List<Publication> publications, List<Listener> listeners, Truth truth) {

  public History {
    publications = List.copyOf(publications);
    listeners = List.copyOf(listeners);
  }
}

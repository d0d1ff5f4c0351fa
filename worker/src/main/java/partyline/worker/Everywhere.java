package partyline.worker;

import java.util.List;
import partyline.room.Errands.Errand;
import partyline.room.Errands.State;

/**
 * Long work of which each partition has a part, one after the other. A place is {@code <partition>
 * <place there>}.
 */
final class Everywhere implements Errandry.Work {

  private final List<? extends Errandry.Work> parts;

  Everywhere(List<? extends Errandry.Work> parts) {
    this.parts = List.copyOf(parts);
  }

  @Override
  public Errand step(Errand errand) throws Exception {
    String[] place = errand.place().split(" ", 2);
    int partition = errand.place().isEmpty() ? 0 : Integer.parseInt(place[0]);
    Errand there = errand.at(place.length < 2 ? "" : place[1], 0);
    Errand after = parts.get(partition).step(there);
    if (after.equals(there)) {
      return errand;
    }
    if (after.state() != State.DONE) {
      return after.state().isEnd() ? after : after.at(partition + " " + after.place(), 0);
    }
    return partition + 1 == parts.size() ? after : after.at((partition + 1) + " ", 0);
  }
}

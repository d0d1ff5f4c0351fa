package partyline.deploy.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import partyline.room.RoomId;

/** Writes down a run while it happens. Thread-safe. */
public final class Recorder {
  private final List<Publication> publications = new ArrayList<>();
  private final List<Diary> diaries = new CopyOnWriteArrayList<>();

  /** Where a new client writes down what it is told. */
  public Diary listener(String name, Set<RoomId> rooms) {
    var diary = new Diary(name, rooms);
    diaries.add(diary);
    return diary;
  }

  public synchronized void published(Publication publication) {
    publications.add(publication);
  }

  public synchronized History history(Truth truth) {
    return new History(publications, diaries.stream().map(Diary::listener).toList(), truth);
  }
}

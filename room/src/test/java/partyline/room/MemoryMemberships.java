package partyline.room;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The contract over any log, for those rooms that a test is about. */
public final class MemoryMemberships implements Memberships {

  private final RoomLog log;
  private final List<RoomId> rooms;

  public MemoryMemberships(RoomLog log, List<RoomId> rooms) {
    this.log = log;
    this.rooms = List.copyOf(rooms);
  }

  @Override
  public CompletionStage<List<RoomId>> of(UserId user) {
    CompletionStage<List<RoomId>> found = CompletableFuture.completedFuture(List.of());
    for (RoomId room : rooms) {
      Field field = Field.person(user, "room:" + room);
      found =
          found.thenCombine(
              log.view(room, List.of(field), List.of()),
              (before, view) -> view.field(field).isPresent() ? with(before, room) : before);
    }
    return found;
  }

  private static List<RoomId> with(List<RoomId> before, RoomId room) {
    var all = new ArrayList<>(before);
    all.add(room);
    return List.copyOf(all);
  }
}

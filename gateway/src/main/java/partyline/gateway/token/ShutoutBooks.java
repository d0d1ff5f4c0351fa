package partyline.gateway.token;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import partyline.room.Partitions;
import partyline.room.UserId;

/** A book for each partition: everybody stands in that of their own. */
public record ShutoutBooks(Partitions partitions, List<ShutoutBook> books) implements KeptOut {

  @Override
  public Optional<ShutoutBook.Reason> refusal(Caller caller, Instant now) {
    return of(caller.id()).refusal(caller, now);
  }

  @Override
  public boolean isBanned(UserId user, Instant now) {
    return of(user).isBanned(user, now);
  }

  @Override
  public void whenShutOut(Consumer<UserId> listener) {
    books.forEach(book -> book.whenShutOut(listener));
  }

  private ShutoutBook of(UserId user) {
    return books.get(partitions.of(user).index());
  }
}

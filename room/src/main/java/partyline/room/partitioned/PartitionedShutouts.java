package partyline.room.partitioned;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import partyline.room.Partitions;
import partyline.room.Shutout;
import partyline.room.Shutouts;
import partyline.room.UserId;

/** Each person's where that person is. Each partition has versions of its own: ask it itself. */
public record PartitionedShutouts(Partitions partitions, List<? extends Shutouts> parts)
    implements Shutouts {

  @Override
  public CompletionStage<Optional<Shutout.Revoked>> revoke(UserId user) {
    return of(user).revoke(user);
  }

  @Override
  public CompletionStage<Optional<Shutout.Banned>> ban(
      UserId user, Optional<Duration> length, UserId by, String reason) {
    return of(user).ban(user, length, by, reason);
  }

  @Override
  public CompletionStage<Void> unban(UserId user) {
    return of(user).unban(user);
  }

  @Override
  public CompletionStage<Standing> standing(long known) {
    throw new IllegalStateException("each partition has versions of its own: ask one");
  }

  private Shutouts of(UserId user) {
    return parts.get(partitions.of(user).index());
  }
}

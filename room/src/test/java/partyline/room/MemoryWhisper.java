package partyline.room;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** The contract in memory, on a clock that tests move by hand. */
public final class MemoryWhisper implements Whisper {

  private final InstantSource clock;
  private final Consumer<Ephemeral> heard;

  // Guarded by this.
  private final Map<UserId, Integer> told = new HashMap<>();
  private long second;

  public MemoryWhisper(InstantSource clock, Consumer<Ephemeral> heard) {
    this.clock = clock;
    this.heard = heard;
  }

  @Override
  public synchronized CompletionStage<Boolean> tell(
      RoomId room, String type, Author by, String data, int perSecond) {
    if (second != clock.instant().getEpochSecond()) {
      second = clock.instant().getEpochSecond();
      told.clear();
    }
    if (told.merge(by.id(), 1, Integer::sum) > perSecond) {
      return CompletableFuture.completedFuture(false);
    }
    var author = Json.MAPPER.createObjectNode().put("id", by.id().value()).put("name", by.name());
    heard.accept(new Ephemeral(room, type, clock.instant(), Optional.of(Json.line(author)), data));
    return CompletableFuture.completedFuture(true);
  }
}

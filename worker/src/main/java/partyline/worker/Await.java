package partyline.worker;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import partyline.room.LogUnavailable;

/** Waits for an answer of Redis, on a virtual thread. */
final class Await {

  /** Well above the timeout of any command, so that it only ends what would never have ended. */
  private static final Duration LONGEST = Duration.ofSeconds(15);

  private Await() {}

  /** Throws what the stage failed with; {@link LogUnavailable} also if it never completes. */
  static <T> T answer(CompletionStage<T> stage) throws InterruptedException {
    try {
      return stage.toCompletableFuture().get(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new LogUnavailable("no answer within " + LONGEST.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }
}

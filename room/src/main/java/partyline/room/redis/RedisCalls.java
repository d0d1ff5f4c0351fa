package partyline.room.redis;

import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.netty.util.Timeout;
import io.netty.util.Timer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import partyline.room.Limits;
import partyline.room.LogUnavailable;
import partyline.room.metrics.Source;
import partyline.room.redis.RedisFailure.Meaning;
import partyline.room.redis.RedisFailure.NotConnectedException;

/**
 * Calls over the command connection, each tried again as long as that is safe and 2 s have not gone
 * by.
 *
 * <p>Safe is what Redis refused, and what was never sent. What was sent and not answered may have
 * been carried out, and goes a second time only if the caller says that it may.
 */
final class RedisCalls {

  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(5);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(250);

  private final CommandConnection connection;
  private final Timer timer;
  private final AtomicInteger underWay = new AtomicInteger();
  private final RedisNumbers numbers = new RedisNumbers();
  private volatile long lastAnswerNanos = System.nanoTime();

  RedisCalls(CommandConnection connection, Timer timer) {
    this.connection = connection;
    this.timer = timer;
  }

  Source numbers() {
    return numbers;
  }

  /** Fails with {@link LogUnavailable} only. */
  <T> CompletionStage<T> repeatable(
      Function<RedisAsyncCommands<String, String>, CompletionStage<T>> command) {
    return call(true, command);
  }

  /** Like {@link #repeatable}, but never carried out twice. */
  <T> CompletionStage<T> once(
      Function<RedisAsyncCommands<String, String>, CompletionStage<T>> command) {
    return call(false, command);
  }

  private <T> CompletionStage<T> call(
      boolean repeatable,
      Function<RedisAsyncCommands<String, String>, CompletionStage<T>> command) {
    if (underWay.incrementAndGet() > RedisClients.CALLS_AT_ONCE) {
      underWay.decrementAndGet();
      return CompletableFuture.failedFuture(
          new LogUnavailable(RedisClients.CALLS_AT_ONCE + " calls to Redis are under way"));
    }
    var call = new Call<>(repeatable, command);
    call.start();
    return call.result;
  }

  private final class Call<T> {

    private final boolean repeatable;
    private final Function<RedisAsyncCommands<String, String>, CompletionStage<T>> command;
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private final long deadlineNanos = System.nanoTime() + RedisClients.ANSWER_WITHIN.toNanos();
    private int attempts;
    private volatile @Nullable RedisFailure last;
    private volatile @Nullable StatefulRedisConnection<String, String> asked;

    Call(
        boolean repeatable,
        Function<RedisAsyncCommands<String, String>, CompletionStage<T>> command) {
      this.repeatable = repeatable;
      this.command = command;
    }

    void start() {
      Timeout timeout =
          timer.newTimeout(
              ignored -> timedOut(), RedisClients.ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
      CompletableFuture<T> _ =
          result.whenComplete((value, failure) -> {
            timeout.cancel();
            underWay.decrementAndGet();
          });
      try {
        attempt();
      } catch (IllegalArgumentException e) {
        result.completeExceptionally(e);
        throw e;
      }
    }

    private void attempt() {
      if (result.isDone()) {
        return;
      }
      attempts++;
      StatefulRedisConnection<String, String> present = connection.current();
      asked = present;
      if (present == null) {
        failed(RedisFailure.of(notConnected()), null);
        return;
      }
      long sentNanos = System.nanoTime();
      command
          .apply(present.async())
          .whenComplete((value, failure) -> {
            numbers.answered(sentNanos);
            if (failure == null) {
              lastAnswerNanos = System.nanoTime();
              result.complete(value);
            } else {
              failed(RedisFailure.of(failure), present);
            }
          });
    }

    private void failed(
        RedisFailure failure, @Nullable StatefulRedisConnection<String, String> present) {
      last = failure;
      numbers.failed(failure.word());
      if (failure.meaning() != Meaning.UNKNOWN) {
        lastAnswerNanos = System.nanoTime();
      }
      if (failure.meaning() == Meaning.ELSEWHERE && present != null) {
        connection.drop(present, failure.sentence());
      }
      boolean again =
          switch (failure.meaning()) {
            case LATER, ELSEWHERE -> true;
            case UNKNOWN -> repeatable;
            case REFUSED -> false;
          };
      long pauseMillis = pauseMillis();
      // Calls wait for a short absence only: in a long one they would pile up.
      boolean hopeless =
          connection.away().compareTo(RedisClients.ANSWER_WITHIN) > 0
              || System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pauseMillis) > deadlineNanos;
      if (!again || hopeless) {
        result.completeExceptionally(failure.asLogUnavailable());
      } else {
        timer.newTimeout(ignored -> attempt(), pauseMillis, TimeUnit.MILLISECONDS);
      }
    }

    private long pauseMillis() {
      long most = SHORTEST_PAUSE.toMillis() << Math.min(attempts, 10);
      return ThreadLocalRandom.current()
          .nextLong(SHORTEST_PAUSE.toMillis(), Math.min(most, LONGEST_PAUSE.toMillis()) + 1);
    }

    private void timedOut() {
      numbers.failed(RedisNumbers.TIMEOUT);
      RedisFailure failure = last;
      String sentence =
          "Redis did not answer within " + RedisClients.ANSWER_WITHIN.toSeconds() + " s";
      result.completeExceptionally(
          failure == null
              ? new LogUnavailable(sentence)
              : new LogUnavailable(sentence + "; " + failure.sentence(), failure.cause()));
      dropIfSilent();
    }

    /**
     * A stopped process, or a primary that was replaced while it stood still, keeps its connections
     * for ever.
     */
    private void dropIfSilent() {
      StatefulRedisConnection<String, String> silent = asked;
      long silentNanos = System.nanoTime() - lastAnswerNanos;
      if (silent != null && silentNanos > Limits.SILENCE_MAX.toNanos()) {
        lastAnswerNanos = System.nanoTime();
        connection.drop(silent, "no answer for " + Limits.SILENCE_MAX.toSeconds() + " s");
      }
    }

    private NotConnectedException notConnected() {
      Throwable reason = connection.lastFailure();
      return new NotConnectedException(
          reason == null
              ? "not connected to Redis"
              : "not connected to Redis: " + Reasons.of(reason));
    }
  }
}

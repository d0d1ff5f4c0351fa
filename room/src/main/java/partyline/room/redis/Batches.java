package partyline.room.redis;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import partyline.room.LogUnavailable;

/**
 * What is wished for while Redis is at work on others, and then goes to it together: shared, a call
 * costs Redis and us little more than half as much for each. A wish that comes alone waits for
 * nobody, and as there is one call at a time, all go in the order in which they came.
 *
 * <p>Thread-safe.
 */
final class Batches<W, R> {

  /** One to two milliseconds, in which Redis does nothing else. */
  private static final int WISHES_A_CALL = 64;

  private static final Duration WAITS_AT_MOST = RedisClients.ANSWER_WITHIN;

  /** Redis is silent: who has waited long already would not be answered in time. */
  private static final Duration WAITS_AFTER_FAILURE = WAITS_AT_MOST.dividedBy(2);

  private record Waiting<W, R>(W wish, long sinceNanos, CompletableFuture<R> result) {}

  private final Function<List<W>, CompletionStage<List<Reply>>> call;
  private final BiFunction<W, Reply, R> result;

  // Under the lock.
  private final Queue<Waiting<W, R>> waiting = new ArrayDeque<>();
  private boolean underWay;

  /**
   * @param call asks Redis, and fails with {@link LogUnavailable} only; a reply for each wish
   * @param result what a reply means, if Redis accepted the wish
   */
  Batches(Function<List<W>, CompletionStage<List<Reply>>> call, BiFunction<W, Reply, R> result) {
    this.call = call;
    this.result = result;
  }

  /** Fails with {@link LogUnavailable} only, within twice what a call has. */
  CompletionStage<R> wish(W wish) {
    var one = new Waiting<W, R>(wish, System.nanoTime(), new CompletableFuture<>());
    synchronized (this) {
      if (waiting.size() >= RedisClients.CALLS_AT_ONCE) {
        return CompletableFuture.failedFuture(
            new LogUnavailable(RedisClients.CALLS_AT_ONCE + " calls are waiting for Redis"));
      }
      waiting.add(one);
      if (underWay) {
        return one.result;
      }
      underWay = true;
    }
    send(WAITS_AT_MOST);
    return one.result;
  }

  private void send(Duration patience) {
    List<Waiting<W, R>> asked = next(patience);
    if (!asked.isEmpty()) {
      ask(asked)
          .whenComplete((replies, failure) -> {
            // Redis first: it has nothing to do until it is asked again.
            send(failure == null ? WAITS_AT_MOST : WAITS_AFTER_FAILURE);
            settle(asked, replies, failure);
          });
    }
  }

  private List<Waiting<W, R>> next(Duration patience) {
    while (true) {
      var next = new ArrayList<Waiting<W, R>>();
      synchronized (this) {
        while (next.size() < WISHES_A_CALL && !waiting.isEmpty()) {
          next.add(waiting.remove());
        }
        underWay = !next.isEmpty();
      }
      List<Waiting<W, R>> fresh = fresh(next, patience);
      if (!fresh.isEmpty() || next.isEmpty()) {
        return fresh;
      }
    }
  }

  private static <W, R> List<Waiting<W, R>> fresh(List<Waiting<W, R>> next, Duration patience) {
    long now = System.nanoTime();
    var fresh = new ArrayList<Waiting<W, R>>(next.size());
    for (Waiting<W, R> one : next) {
      if (now - one.sinceNanos > patience.toNanos()) {
        one.result.completeExceptionally(
            new LogUnavailable("Redis was silent for " + patience.toMillis() + " ms"));
      } else {
        fresh.add(one);
      }
    }
    return fresh;
  }

  private CompletionStage<List<Reply>> ask(List<Waiting<W, R>> asked) {
    try {
      return call.apply(asked.stream().map(Waiting::wish).toList());
    } catch (RuntimeException bug) {
      return CompletableFuture.failedFuture(bug);
    }
  }

  private void settle(
      List<Waiting<W, R>> asked, @Nullable List<Reply> replies, @Nullable Throwable failure) {
    for (int i = 0; i < asked.size(); i++) {
      Waiting<W, R> one = asked.get(i);
      if (failure != null) {
        one.result.completeExceptionally(failure);
        continue;
      }
      try {
        Reply reply = LuaScript.accepted(requireNonNull(replies).get(i));
        one.result.complete(result.apply(one.wish, reply));
      } catch (RuntimeException unusable) {
        one.result.completeExceptionally(unusable);
      }
    }
  }
}

package partyline.room.chat;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import partyline.room.Append;
import partyline.room.AppendResult;
import partyline.room.EventId;
import partyline.room.Field;
import partyline.room.Horizon;
import partyline.room.Limits;
import partyline.room.Place;
import partyline.room.RoomId;
import partyline.room.RoomLog;
import partyline.room.View;

/**
 * Carries commands out: decides on what is known, writes only if that still holds, and else decides
 * again on what the log says.
 *
 * <p>Example: a node remembers that ada is a member. Another node bans her; then she posts here.
 * Decided on the memory she may; the append expects {@code ban:ada} to be absent, is stale, and
 * brings the ban. Decided again she is refused: one round trip more, and nobody had to tell this
 * node. The other way round, a refusal decided on the memory is looked at once more before it is
 * told: she may have been pardoned.
 *
 * <p>A command without messages to look at costs one round trip when the memory is right, as a
 * rule. It ends after at most {@link Limits#COMMAND_TRIES} decisions, {@link Outcome.Busy} if
 * others were faster each time. Nothing blocks; stages fail with {@link
 * partyline.room.LogUnavailable} alone. Thread-safe.
 */
public final class Commands {

  private final RoomLog log;
  private final Rules rules;
  private final Horizon horizon;
  private final Memory memory;
  private final Pause pause;

  /** When to go on after somebody was faster; so that two who collide do not collide for ever. */
  public interface Pause {

    /** An executor that starts what it is given after about this time. */
    Executor after(Duration time);

    /** On the threads of the JDK. */
    static Pause real() {
      return time ->
          CompletableFuture.delayedExecutor(time.toNanos(), TimeUnit.NANOSECONDS, Runnable::run);
    }
  }

  /**
   * @param horizon how far this node knows the log
   */
  public Commands(RoomLog log, Rules rules, Horizon horizon) {
    this(log, rules, horizon, new Memory(Limits.REMEMBERED_BYTES, System::nanoTime), Pause.real());
  }

  Commands(RoomLog log, Rules rules, Horizon horizon, Memory memory, Pause pause) {
    this.log = log;
    this.rules = rules;
    this.horizon = horizon;
    this.memory = memory;
    this.pause = pause;
  }

  public CompletionStage<Outcome> carryOut(Intent intent) {
    Needs needs = Needs.of(intent);
    var attempt = new Attempt(intent, needs, Limits.COMMAND_TRIES);
    return needs.messages().isEmpty()
        ? memory
            .view(intent.room(), needs.fields())
            .map(view -> decide(attempt, view, false))
            .orElseGet(() -> look(attempt))
        : look(attempt);
  }

  private record Attempt(Intent intent, Needs needs, int triesLeft) {

    RoomId room() {
      return intent.room();
    }

    Attempt next() {
      return new Attempt(intent, needs, triesLeft - 1);
    }
  }

  private CompletionStage<Outcome> look(Attempt attempt) {
    Needs needs = attempt.needs();
    return log.view(attempt.room(), needs.fields(), needs.messages())
        .thenCompose(view -> {
          memory.remember(attempt.room(), needs.fields(), view);
          return decide(attempt, view, true);
        });
  }

  /**
   * @param fresh whether the view is what the log said, not what this node remembered
   */
  private CompletionStage<Outcome> decide(Attempt attempt, View view, boolean fresh) {
    return switch (rules.decide(attempt.intent(), view)) {
      case Decision.Write(Append append) -> write(attempt, view, append);
      case Decision.Refuse _, Decision.Nothing _ when !fresh -> look(attempt);
      case Decision.Refuse(Refusal refusal) -> done(new Outcome.Refused(refusal));
      case Decision.Nothing _ -> done(new Outcome.Unchanged());
    };
  }

  private CompletionStage<Outcome> write(Attempt attempt, View view, Append append) {
    return log.append(append, horizon.seen())
        .thenCompose(result ->
            switch (result) {
              case AppendResult.Appended(var event) -> {
                horizon.answered(event.id());
                memory.wrote(append, event);
                yield done(new Outcome.Done(event));
              }
              case AppendResult.Duplicate(var id, var event, var message) ->
                  done(new Outcome.Repeated(id, event, message));
              case AppendResult.Conflict(var id) -> done(new Outcome.Mismatch(id));
              case AppendResult.Limited(var retryAfter) -> done(new Outcome.Limited(retryAfter));
              case AppendResult.Unchanged _ -> done(new Outcome.Unchanged());
              case AppendResult.TooMany _ ->
                  done(
                      new Outcome.Refused(
                          new Refusal.Conflict("The message has as many as it may have.")));
              case AppendResult.Stale stale when attempt.triesLeft() > 1 ->
                  again(attempt.next(), correct(view, append, stale));
              case AppendResult.Stale _ -> done(new Outcome.Busy());
            });
  }

  private CompletionStage<Outcome> again(Attempt attempt, View corrected) {
    memory.remember(attempt.room(), attempt.needs().fields(), corrected);
    if (attempt.triesLeft() == Limits.COMMAND_TRIES - 1) {
      // The first time it was the memory that was wrong, more often than not: at once. What the
      // append did not expect may still be old, so a refusal is looked at once more.
      return decide(attempt, corrected, false);
    }
    long nanos = Limits.COMMAND_RETRY_MAX.toNanos();
    Duration time = Duration.ofNanos(RandomGenerator.getDefault().nextLong(nanos));
    return CompletableFuture.supplyAsync(() -> look(attempt), pause.after(time))
        .thenCompose(stage -> stage);
  }

  /** The view, with what the append expected as it is now. */
  private static View correct(View view, Append append, AppendResult.Stale stale) {
    Map<Field, String> fields = new HashMap<>(view.fields());
    var messages = new HashMap<>(view.messages());
    append
        .expectations()
        .forEach(expected -> {
          Field field = expected.field();
          String now = stale.current().get(field);
          if (now == null) {
            fields.remove(field);
          } else {
            fields.put(field, now);
          }
          if (field.place() instanceof Place.Amended && now != null) {
            messages.computeIfPresent(
                EventId.of(field.name()), (_, message) -> message.amendedTo(now));
          }
        });
    return new View(fields, messages, view.head(), stale.now());
  }

  private static CompletionStage<Outcome> done(Outcome outcome) {
    return CompletableFuture.completedFuture(outcome);
  }
}

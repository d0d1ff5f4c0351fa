package partyline.room.hook;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import partyline.room.EventId;
import partyline.room.Limits;

/**
 * The webhooks of the site, and what became of their deliveries.
 *
 * <p>One that is set up hears of everything that is appended from then on: its cursor is set in the
 * same step. One that is turned off or removed holds nothing any more, neither the trimming of the
 * log nor what was still due.
 *
 * <p>Thread-safe; stages complete on an I/O thread that must not be blocked, and fail with {@link
 * partyline.room.LogUnavailable} only. Then it may have been done, and asking again is harmless.
 */
public interface Webhooks {

  /** By name. */
  CompletionStage<List<Webhook>> all();

  CompletionStage<Optional<Webhook>> find(String name);

  /**
   * Sets one up or changes it.
   *
   * @param change what becomes of the one that stands; called again if that has changed meanwhile
   */
  CompletionStage<Change> put(String name, Function<Optional<Webhook>, Webhook> change);

  /** What came of it. */
  sealed interface Change {

    /**
     * @param fresh whether there was none of this name
     */
    record Done(Webhook webhook, boolean fresh) implements Change {}

    /** There are {@link Limits#WEBHOOKS} already. */
    record Full() implements Change {}
  }

  /** Turns one off, if it is still there. */
  CompletionStage<Void> turnOff(String name, String reason);

  /** False if there is none. */
  CompletionStage<Boolean> remove(String name);

  /** Those that are paused or have failed just now, by name. */
  CompletionStage<Map<String, Pause>> pauses();

  /** Has something delivered as soon as possible. False if there is none, or it is turned off. */
  CompletionStage<Boolean> deliver(String name, Parcel parcel);

  /**
   * The last tries, newest first.
   *
   * @param before only older ones
   * @param limit 1 to {@link Limits#LIST_PAGE}
   */
  CompletionStage<List<Logged>> deliveries(String name, Optional<EventId> before, int limit);

  /** One of them; empty once it is forgotten. */
  CompletionStage<Optional<Logged>> delivery(String name, EventId id);

  /**
   * @param id an order token, of this log alone
   */
  record Logged(EventId id, Delivery delivery) {}
}

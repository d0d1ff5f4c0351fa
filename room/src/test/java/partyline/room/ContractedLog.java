package partyline.room;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import partyline.room.Append.Idempotency;

/**
 * A log under its contract, and what a test can do to it.
 *
 * <p>Every hook must do what it says. A backend that can't must abort the test that asks for it
 * with a reason ({@code Assumptions.abort}); it must not do nothing.
 */
public interface ContractedLog {

  RoomId A = new RoomId("a");
  RoomId B = new RoomId("b");
  UserId ADA = new UserId("u1");
  String BY_ADA = "{\"id\":\"u1\",\"name\":\"Ada\"}";
  EventId ZERO = EventId.ZERO;

  /** A log that was empty when the test began: no write ever, no epoch yet. */
  RoomLog log();

  /** Of the same log. */
  PubSub pubSub();

  // --- Hooks -----------------------------------------------------------------------------------

  /** Exactly this many entries, the newest, stay in the log. */
  void trimLog(int keep);

  /** Exactly this many events, the newest, stay in the room's resume stream. */
  void trimResume(RoomId room, int keep);

  /** Exactly this many messages, the newest, stay in the room's history. */
  void trimHistory(RoomId room, int keep);

  /** Removes an event from log, resume and history and leaves a hole. */
  void erase(RoomId room, EventId id);

  /** Everything is gone, the epochs included, as after FLUSHALL. */
  void wipe();

  /** The log may have lost writes, but has not: as after a restart or a failover without lag. */
  void promote();

  /**
   * A replica that has everything up to now, and will lag from now on.
   *
   * @return promotes it: the log is as it was when this was called, and writes may have been lost
   */
  Runnable laggingReplica();

  /**
   * Lets time pass for what ends by it: idempotency keys and the pause between two pulses. At most
   * an hour or two.
   */
  void pass(Duration time);

  /** The clock the ids are made of falls behind the last id by at least this much. */
  void stepBack(Duration time);

  // --- Saying it shortly -----------------------------------------------------------------------

  default Append message(RoomId room, String text) {
    return Append.of(
        room, EventType.MESSAGE_CREATED, BY_ADA, "{\"text\":" + Json.quote(text) + "}");
  }

  default Append appEvent(RoomId room, String name) {
    return Append.of(room, EventType.APP_PREFIX + name, BY_ADA, "{}");
  }

  default Idempotency key(String key, String bodyHash) {
    return new Idempotency(ADA, key, bodyHash);
  }

  default AppendResult append(Append append) {
    return await(log().append(append, ZERO));
  }

  default Event appended(Append append) {
    AppendResult result = append(append);
    assertThat(result).isInstanceOf(AppendResult.Appended.class);
    return ((AppendResult.Appended) result).event();
  }

  default Event say(RoomId room, String text) {
    return appended(message(room, text));
  }

  default Event emit(RoomId room) {
    return appended(appEvent(room, "thing"));
  }

  /** Events of 12 KB each; their ids. */
  default List<EventId> manyLong(RoomId room, int count) {
    Append longest = message(room, "x".repeat(12 * 1024));
    return IntStream.range(0, count).mapToObj(i -> log().append(longest, ZERO)).toList().stream()
        .map(one -> ((AppendResult.Appended) await(one)).event().id())
        .toList();
  }

  default LogPage page(EventId after) {
    return await(log().log(after, ZERO, Limits.LOG_PAGE_ENTRIES));
  }

  default RoomsPage resume(Collection<RoomId> rooms, EventId after) {
    return await(log().rooms(rooms, after, Limits.REPLAY_EVENTS_PER_ROOM));
  }

  default Epochs epochs() {
    return page(ZERO).epochs();
  }

  /** The events as messages that stand as they were said. */
  default List<Message> asSaid(List<Event> events) {
    return events.stream().map(Message::of).toList();
  }

  default List<Message> asSaid(Event... events) {
    return asSaid(List.of(events));
  }

  /** All that a page can hold. */
  default List<Message> messages(RoomId room) {
    return await(log().history(room, HistoryQuery.latest(Limits.HISTORY_PAGE_MESSAGES))).messages();
  }

  /** The log's events, epochs left out. */
  default List<Event> eventsInLog() {
    return eventsOf(page(ZERO));
  }

  default List<Event> eventsOf(LogPage page) {
    return page.entries().stream().filter(Event.class::isInstance).map(Event.class::cast).toList();
  }

  default <T> T await(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }
}

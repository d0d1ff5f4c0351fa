package partyline.room.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.room.redis.RedisEdge.appended;
import static partyline.room.redis.RedisEdge.await;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import partyline.room.Append;
import partyline.room.AppendResult;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.EventType;
import partyline.room.Limits;
import partyline.room.LogEntry;
import partyline.room.LogPage;
import partyline.room.RoomId;
import partyline.room.RoomsPage;
import partyline.room.redis.local.LocalRedis;
import partyline.room.redis.local.RedisBinary;

/** A page stays small, whatever the number of rooms and the size of their events. */
final class RedisPagesTest {

  /** The longest text there may be. */
  private static final String LONG = "{\"text\":\"" + "x".repeat(Limits.TEXT_BYTES) + "\"}";

  private static final int SMALL_ENOUGH = Limits.PAGE_BYTES + Limits.PAGE_BYTES / 4;

  private LocalRedis redis;
  private RedisEdge edge;

  @BeforeEach
  void connect() {
    redis = LocalRedis.of(RedisBinary.find()).appendOnly(false).start();
    edge = RedisEdge.fresh(redis.uri());
  }

  @AfterEach
  void disconnect() {
    edge.close();
    redis.close();
  }

  @Test
  void pages_of_a_log_of_long_events_tell_all_of_them() {
    List<Event> all = fill(rooms(3), 600, LONG);
    var told = new ArrayList<LogEntry>();
    EventId after = firstEpoch();
    LogPage page;
    do {
      page = await(edge.log.log(after, EventId.ZERO, Limits.LOG_PAGE_ENTRIES));
      assertThat(page.entries()).isNotEmpty();
      assertThat(bytes(page.entries())).isLessThan(SMALL_ENOUGH);
      told.addAll(page.entries());
      after = page.entries().getLast().id();
    } while (page.more());

    assertThat(told).isEqualTo(all);
  }

  @Test
  void pages_of_many_rooms_with_long_events_tell_all_of_them() {
    List<RoomId> rooms = rooms(150);

    tellAll(rooms, fill(rooms, 900, LONG));
  }

  @Test
  void pages_of_many_busy_rooms_tell_all_of_them() {
    List<RoomId> rooms = rooms(Limits.ROOMS_FOLLOWED_PER_STREAM);

    tellAll(rooms, fill(rooms, 8_000, "{}"));
  }

  @Test
  void so_many_events_back_is_found_in_many_busy_rooms() {
    List<RoomId> rooms = rooms(Limits.ROOMS_FOLLOWED_PER_STREAM);
    List<Event> all = fill(rooms, 8_000, "{}");

    EventId after = await(edge.log.back(rooms, 1_000));

    assertThat(after).isEqualTo(all.get(all.size() - 1_001).id());
  }

  @Test
  void of_a_room_that_redis_trims_too_coarsely_only_the_newest_are_told() {
    redis.command("CONFIG", "SET", "stream-node-max-entries", "5000");
    redis.command("CONFIG", "SET", "stream-node-max-bytes", "0");
    int most = Limits.REPLAY_EVENTS_PER_ROOM;
    List<RoomId> rooms = rooms(1);
    List<Event> all = fill(rooms, most + 3, "{}");

    RoomsPage page = await(edge.log.rooms(rooms, all.getFirst().id(), most));

    assertThat(page.events()).isEqualTo(all.subList(3, most + 3));
    assertThat(page.holes())
        .isEqualTo(
            Map.of(
                rooms.getFirst(),
                new RoomsPage.Hole(RoomsPage.Hole.Why.TOO_MANY, all.get(2).id(), all.get(3).id())));
    assertThat(await(edge.log.rooms(rooms, all.get(2).id(), most)).holes()).isEmpty();
  }

  @Test
  void what_was_not_appended_by_us_is_passed_over() {
    List<RoomId> rooms = rooms(1);
    List<Event> all = new ArrayList<>(fill(rooms, 1, "{}"));
    for (int i = 0; i < 120; i++) {
      redis.command("XADD", edge.keys().log(), "*", "what", "is this");
    }
    redis.command("XADD", edge.keys().resume(rooms.getFirst()), "*", "what", "is this");
    all.addAll(fill(rooms, 1, "{}"));

    var told = new ArrayList<LogEntry>();
    EventId after = all.getFirst().id();
    LogPage page;
    do {
      page = await(edge.log.log(after, EventId.ZERO, 50));
      told.addAll(page.entries());
      after = page.entries().getLast().id();
    } while (page.more());

    assertThat(told).hasSize(121).endsWith(all.getLast());
    assertThat(told.subList(0, 120)).hasOnlyElementsOfType(LogEntry.Unreadable.class);
    tellAll(rooms, all);
  }

  private void tellAll(List<RoomId> rooms, List<Event> all) {
    var told = new ArrayList<Event>();
    EventId after = EventId.ZERO;
    RoomsPage page;
    do {
      page = await(edge.log.rooms(rooms, after, Limits.REPLAY_EVENTS_PER_ROOM));
      assertThat(page.complete()).isGreaterThan(after);
      assertThat(page.events()).hasSizeLessThanOrEqualTo(Limits.ROOMS_PAGE_EVENTS);
      assertThat(bytes(page.events())).isLessThan(2 * SMALL_ENOUGH);
      told.addAll(page.events());
      after = page.complete();
    } while (page.more());

    assertThat(told).isEqualTo(all);
  }

  private List<Event> fill(List<RoomId> rooms, int count, String data) {
    var events = new ArrayList<Event>();
    var appends = new ArrayList<CompletionStage<AppendResult>>();
    for (int i = 0; i < count; i++) {
      // Unevenly: some rooms get many, all get some.
      RoomId room = rooms.get(i % 3 == 0 ? i % 7 % rooms.size() : i % rooms.size());
      appends.add(
          edge.log.append(Append.of(room, EventType.MESSAGE_CREATED, "{}", data), EventId.ZERO));
      if (appends.size() == 50 || i == count - 1) {
        appends.forEach(append -> events.add(appended(await(append))));
        appends.clear();
      }
    }
    return events;
  }

  private EventId firstEpoch() {
    return await(edge.log.beat(EventId.ZERO)).epochs().newest().getFirst().start();
  }

  private static int bytes(List<? extends LogEntry> entries) {
    return entries.stream()
        .mapToInt(entry -> entry instanceof Event event ? event.data().length() : 0)
        .sum();
  }

  private static List<RoomId> rooms(int count) {
    return IntStream.range(0, count).mapToObj(i -> new RoomId("room-" + i)).toList();
  }
}

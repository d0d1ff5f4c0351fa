package partyline.room.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.room.redis.RedisEdge.LOBBY;
import static partyline.room.redis.RedisEdge.await;

import java.time.Duration;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;
import partyline.room.Claim;
import partyline.room.EventId;
import partyline.room.Lease;
import partyline.room.redis.local.LocalRedis;
import partyline.room.redis.local.RedisBinary;

/** Whatever is posted, noted, committed and trimmed in whatever order. */
final class RedisRetentionProperties {

  private static LocalRedis redis;
  private static RedisEdge edge;
  private static RedisJobLedger ledger;
  private static RedisRetention retention;

  @BeforeContainer
  static void start() {
    redis =
        LocalRedis.of(RedisBinary.find())
            .appendOnly(false)
            .config("stream-node-max-entries 1")
            .start();
    edge = RedisEdge.at(redis.uri(), "");
    ledger = new RedisJobLedger(edge.connections);
    retention = new RedisRetention(edge.connections);
  }

  @AfterContainer
  static void stop() {
    edge.close();
    redis.close();
  }

  /**
   * @param minutes of a note: the gap; of a commit: how many events back; of ids that run ahead:
   *     how many days, less one
   */
  record Step(Kind kind, int minutes) {
    enum Kind {
      POST,
      NOTE,
      COMMIT,
      TRIM,
      RUN_AHEAD
    }
  }

  @Property(tries = 60)
  void trimming_cuts_neither_what_is_young_nor_what_a_job_has_not_seen(
      @ForAll("steps") List<Step> steps, @ForAll @IntRange(max = 6) int age) {
    redis.command("FLUSHALL");
    Lease trim = claim("trim");
    Lease slow = claim("slow");
    // Each event and the minute of the newest note before it.
    var posted = new TreeMap<EventId, Integer>();
    int minute = 0;
    EventId ahead = EventId.ZERO;
    Optional<EventId> cursor = Optional.empty();

    for (Step step : steps) {
      switch (step.kind()) {
        case POST -> posted.put(post(), minute);
        case RUN_AHEAD -> {
          if (!posted.isEmpty()) {
            EventId last = EventId.max(ahead, posted.lastKey());
            ahead = new EventId(last.ms() + 86_400_000L * (1 + step.minutes()), 0);
            redis.command("XSETID", "{t}:log", ahead.toString());
          }
        }
        case NOTE -> {
          await(retention.note(trim, Optional.of(Duration.ofMinutes(step.minutes()))));
          // Before there is a log, there is nothing to note.
          minute += posted.isEmpty() ? 0 : step.minutes();
        }
        case COMMIT -> {
          EventId at = back(posted, step.minutes());
          // What went before a job's first commit, it does not miss.
          if (at != null && at.isAfter(cursor.orElse(EventId.ZERO)) && logIds().contains(at)) {
            await(ledger.commit(slow, RedisEdge.step(edge.connections, "slow", at)));
            cursor = Optional.of(at);
          }
        }
        case TRIM -> {
          await(retention.trimLog(trim, Duration.ofMinutes(age)));
          List<EventId> left = logIds();
          int young = minute - age;
          posted.forEach((id, noted) -> {
            if (noted > young) {
              assertThat(left).as("posted in minute %d of %d", noted, young).contains(id);
            }
          });
          cursor.ifPresent(at -> assertThat(left).containsAll(posted.tailMap(at, true).keySet()));
        }
      }
    }
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Step.Kind> kinds =
        Arbitraries.frequency(
            Tuple.of(8, Step.Kind.POST),
            Tuple.of(8, Step.Kind.NOTE),
            Tuple.of(4, Step.Kind.TRIM),
            Tuple.of(2, Step.Kind.COMMIT),
            Tuple.of(1, Step.Kind.RUN_AHEAD));
    return Combinators.combine(kinds, Arbitraries.integers().between(0, 6))
        .as(Step::new)
        .list()
        .ofMinSize(5)
        .ofMaxSize(80);
  }

  private static EventId post() {
    return edge.post(LOBBY).id();
  }

  private static @Nullable EventId back(NavigableMap<EventId, Integer> posted, int count) {
    return posted.descendingKeySet().stream().skip(count).findFirst().orElse(null);
  }

  private static List<EventId> logIds() {
    Object entries = Objects.requireNonNull(redis.command("XRANGE", "{t}:log", "-", "+"));
    return ((List<?>) entries)
        .stream().map(entry -> EventId.of((String) ((List<?>) entry).getFirst())).toList();
  }

  private static Lease claim(String job) {
    return ((Claim.Claimed) await(ledger.claim(job, "w1", Duration.ofHours(1)))).lease();
  }
}

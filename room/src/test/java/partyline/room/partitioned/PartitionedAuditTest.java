package partyline.room.partitioned;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import partyline.room.Audit;
import partyline.room.EventId;
import partyline.room.Partition;
import partyline.room.Partitions;
import partyline.room.RoomId;
import partyline.room.UserId;
import partyline.room.process.Eventually;
import partyline.room.redis.RedisAudit;
import partyline.room.redis.RedisConfig;
import partyline.room.redis.RedisConnections;
import partyline.room.redis.local.LocalRedis;
import partyline.room.redis.local.RedisBinary;

/** What was done in all partitions, read as one list. */
final class PartitionedAuditTest {

  private static final Partitions FOUR = Partitions.of(4);

  private static LocalRedis redis;
  private static RedisConnections connections;
  private static PartitionedAudit audit;

  @BeforeAll
  static void start() {
    redis = LocalRedis.of(RedisBinary.find()).appendOnly(false).start();
    connections = RedisConnections.open(RedisConfig.parse(redis.uri(), ""));
    List<RedisAudit> parts = FOUR.each(partition -> new RedisAudit(connections.in(partition)));
    audit = new PartitionedAudit(FOUR, parts);
    Eventually.holds(
        "all are connected",
        () ->
            parts.stream()
                .allMatch(part ->
                    part.page(Optional.empty(), 1)
                        .toCompletableFuture()
                        .handle((_, failure) -> failure == null)
                        .join()));
  }

  @AfterAll
  static void stop() {
    connections.close();
    redis.close();
  }

  @BeforeEach
  void forget() {
    redis.command("FLUSHALL");
  }

  @Test
  void the_audit_is_paged_over_all_partitions_newest_first_and_leaves_nothing_out() {
    for (int i = 0; i < 12; i++) {
      await(audit.note(act(roomIn(FOUR.all().get(i % 4)), "act-" + i)));
    }
    var seen = new ArrayList<String>();

    Optional<EventId> before = Optional.empty();
    for (List<Audit.Entry> page = page(before); !page.isEmpty(); page = page(before)) {
      page.forEach(entry -> seen.add(entry.act().subject().orElseThrow()));
      before = Optional.of(page.getLast().id());
    }

    assertThat(seen).hasSize(12).doesNotHaveDuplicates();
    assertThat(page(Optional.empty()))
        .extracting(Audit.Entry::id)
        .isSortedAccordingTo(Comparator.reverseOrder());
  }

  @Test
  void ids_of_the_same_instant_in_different_partitions_are_told_apart() {
    var all = new Interleaved(FOUR);
    var id = new EventId(17, 3);

    List<EventId> shown = FOUR.each(partition -> all.shown(id, partition));

    assertThat(shown).doesNotHaveDuplicates().isSorted();
    for (Partition partition : FOUR.all()) {
      EventId one = shown.get(partition.index());
      assertThat(all.partition(one)).isEqualTo(partition);
      assertThat(all.there(one)).isEqualTo(id);
      // Before the one of partition 2: those of 0 and 1 too, those of 2 and 3 not.
      Optional<EventId> bound = all.before(Optional.of(shown.get(2)), partition);
      assertThat(id.compareTo(bound.orElseThrow()) < 0).isEqualTo(partition.index() < 2);
    }
  }

  private static List<Audit.Entry> page(Optional<EventId> before) {
    return await(audit.page(before, 5));
  }

  private static Audit.Act act(RoomId room, String subject) {
    return new Audit.Act(
        "user.banned", new UserId("mod"), "Mod", Optional.of(room), Optional.of(subject), "{}");
  }

  private static RoomId roomIn(Partition partition) {
    return Stream.iterate(0, i -> i + 1)
        .map(i -> new RoomId("room-" + i))
        .filter(room -> FOUR.of(room).equals(partition))
        .findFirst()
        .orElseThrow();
  }

  private static <T> T await(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }
}

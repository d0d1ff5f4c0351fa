package partyline.room.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import partyline.room.Audit;
import partyline.room.EventId;
import partyline.room.Limits;
import partyline.room.RoomId;
import partyline.room.UserId;

/** Somebody is forgotten in an audit that is full, in steps that Redis does not notice. */
final class RedisAuditTest {

  private static final UserId ADA = new UserId("ada");
  private static final UserId BOB = new UserId("bob \"b\" smith");
  private static final List<UserId> PEOPLE = List.of(ADA, BOB, new UserId("eve"));

  private static FreshRedis redis;
  private static RedisAudit audit;

  @BeforeAll
  static void start() {
    redis = FreshRedis.start();
    audit = new RedisAudit(redis.connections());
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @BeforeEach
  void empty() {
    redis.empty();
  }

  @Test
  void who_stands_in_a_full_audit_is_forgotten_and_all_else_stays() {
    note(Limits.AUDIT_ENTRIES);
    List<Audit.Entry> before = all();

    await(audit.forget(ADA));

    List<Audit.Entry> after = all();
    assertThat(after).isEqualTo(before.stream().map(RedisAuditTest::withoutAda).toList());
    assertThat(held()).doesNotContain("Called ada", "Because ada").contains("Because bob");
    assertThat(redis.command("EXISTS", "{t}:audit:new")).isEqualTo(0L);
  }

  @Test
  void it_is_done_in_slices_and_till_the_last_one_nobody_sees_a_difference() {
    note(2 * Limits.AUDIT_SLICE_ENTRIES + 1);
    List<Audit.Entry> before = all();

    assertThat(await(audit.slice(ADA))).isTrue();
    assertThat(await(audit.slice(ADA))).isTrue();
    assertThat(all()).isEqualTo(before);
    note(1);
    List<Audit.Entry> withNew = all();

    assertThat(await(audit.slice(ADA))).isFalse();
    assertThat(all()).isEqualTo(withNew.stream().map(RedisAuditTest::withoutAda).toList());
  }

  @Test
  void what_was_begun_for_one_person_does_not_bring_back_another() {
    note(2 * Limits.AUDIT_SLICE_ENTRIES + 1);
    await(audit.slice(ADA));

    await(audit.forget(BOB));
    await(audit.forget(ADA));

    assertThat(held())
        .doesNotContain("Called ada", "Because ada", "Called bob", "Because bob")
        .contains("Called eve", "Because eve");
    assertThat(all()).hasSize(2 * Limits.AUDIT_SLICE_ENTRIES + 1);
  }

  @Test
  void an_act_after_it_is_the_newest_one() {
    note(3);

    await(audit.forget(ADA));
    note(1);

    assertThat(all()).extracting(Audit.Entry::id).hasSize(4).isSorted();
  }

  @Test
  void who_did_nothing_costs_no_copy() {
    note(2);
    Object before = redis.command("XINFO", "STREAM", "{t}:audit");

    await(audit.forget(new UserId("nobody")));

    assertThat(redis.command("XINFO", "STREAM", "{t}:audit")).hasToString(String.valueOf(before));
  }

  private static void note(int acts) {
    var noted = new ArrayList<CompletableFuture<Void>>();
    for (int i = 0; i < acts; i++) {
      UserId by = PEOPLE.get(i % PEOPLE.size());
      var act =
          new Audit.Act(
              "user.banned",
              by,
              "Called " + by,
              Optional.of(new RoomId("lobby")),
              Optional.of("u" + i),
              "{\"reason\":\"Because " + by.value().substring(0, 3) + "\",\"until\":" + i + "}");
      noted.add(audit.note(act).toCompletableFuture());
      if (noted.size() == 1_000) {
        noted.forEach(CompletableFuture::join);
        noted.clear();
      }
    }
    noted.forEach(CompletableFuture::join);
  }

  private static Audit.Entry withoutAda(Audit.Entry entry) {
    Audit.Act act = entry.act();
    if (!act.by().equals(ADA)) {
      return entry;
    }
    String details = act.details().replace("\"reason\":\"Because ada\",", "");
    return new Audit.Entry(
        entry.id(),
        entry.at(),
        entry.event(),
        new Audit.Act(act.type(), act.by(), "", act.room(), act.subject(), details));
  }

  /** Oldest first. */
  private static List<Audit.Entry> all() {
    var entries = new ArrayList<Audit.Entry>();
    Optional<EventId> before = Optional.empty();
    while (true) {
      List<Audit.Entry> page = await(audit.page(before, Limits.LIST_PAGE));
      if (page.isEmpty()) {
        return entries.reversed();
      }
      entries.addAll(page);
      before = Optional.of(page.getLast().id());
    }
  }

  private static String held() {
    return String.valueOf(redis.command("XRANGE", "{t}:audit", "-", "+"));
  }

  private static <T> T await(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }
}

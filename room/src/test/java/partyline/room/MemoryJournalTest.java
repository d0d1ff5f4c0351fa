package partyline.room;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import partyline.room.Append.Idempotency;

/** A failover leaves the memory log exactly as the replica had it, whatever was written since. */
final class MemoryJournalTest {

  private static final List<RoomId> ROOMS = List.of(new RoomId("a"), new RoomId("b"));

  private static final List<Field> FIELDS =
      List.of(Field.state("f0"), Field.state("f1"), Field.state("g"));

  /** One write. */
  record Write(int kind, int room, int argument) {}

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void what_was_written_after_the_replica_stopped_leaves_no_trace(
      @ForAll("writes") List<Write> before, @ForAll("writes") List<Write> after) {
    var log = new MemoryRoomLog();
    log.bound(12, 5, 4);
    before.forEach(write -> apply(log, write));
    EventId has = log.last();
    List<Object> as = everything(log);

    // First something with an id of its own, or the rest would still belong to the last one.
    apply(log, new Write(0, 0, 0));
    after.forEach(write -> apply(log, write));
    log.loseAfter(has);

    assertThat(log.last()).isEqualTo(has);
    assertThat(everything(log)).isEqualTo(as);
  }

  @Provide
  Arbitrary<List<Write>> writes() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 7),
            Arbitraries.integers().between(0, 1),
            Arbitraries.integers().between(0, 6))
        .as(Write::new)
        .list()
        .ofMaxSize(25);
  }

  private static void apply(MemoryRoomLog log, Write write) {
    RoomId room = ROOMS.get(write.room);
    switch (write.kind) {
      case 0 -> append(log, Append.of(room, EventType.MESSAGE_CREATED, "{}", "{}"));
      case 1 ->
          append(
              log,
              Append.of(room, "app.x", "{}", "{}")
                  .changing(
                      List.of(
                          new Change.Set(
                              Field.state("f" + write.argument % 2), "" + write.argument),
                          new Change.Remove(Field.state("g")))));
      case 2 ->
          append(
              log,
              Append.of(room, EventType.MESSAGE_CREATED, "{}", "{}")
                  .under(new Idempotency(new UserId("u"), "k" + write.argument, "h")));
      case 3 -> log.trimLog(write.argument);
      case 4 -> log.trimResume(room, write.argument);
      case 5 -> log.trimHistory(room, write.argument);
      case 6 ->
          log.entries().stream()
              .skip(write.argument)
              .findFirst()
              .ifPresent(entry -> log.erase(room, entry.id()));
      default -> {
        log.promote();
        log.beat(EventId.ZERO).toCompletableFuture().join();
      }
    }
  }

  private static void append(MemoryRoomLog log, Append append) {
    log.append(append, EventId.ZERO).toCompletableFuture().join();
  }

  /** What can be read without writing. */
  private static List<Object> everything(MemoryRoomLog log) {
    return Stream.concat(
            Stream.<Object>of(log.entries(), log.epochs(), log.last()),
            ROOMS.stream()
                .<Object>flatMap(room ->
                    Stream.of(
                        log.rooms(List.of(room), EventId.ZERO, 100).toCompletableFuture().join(),
                        log.snapshot(room, 100, FIELDS).toCompletableFuture().join())))
        .toList();
  }
}

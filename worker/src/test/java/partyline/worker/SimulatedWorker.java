package partyline.worker;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import partyline.room.ArchiveWriter;
import partyline.room.JobLedger;
import partyline.room.RoomLists;
import partyline.room.RoomLog;
import partyline.room.chat.Policy;

/**
 * One process of a worker: its loops as they are, each behind a gate of its own. Nothing happens in
 * it by itself.
 */
final class SimulatedWorker {
  private static final Policy POLICY = new Policy(Policy.Creation.MEMBERS, true);

  final String name;
  final List<Stand> stands;

  /**
   * What all of them share.
   *
   * @param redisAway whether Redis can't be reached just now
   */
  record Shore(
      RoomLog log,
      RoomLists lists,
      JobLedger ledger,
      ArchiveWriter archive,
      BooleanSupplier redisAway,
      BooleanSupplier archiveAway) {}

  SimulatedWorker(String name, Shore shore, SplittableRandom random) {
    this.name = name;
    stands = List.of(inboxes(shore, random), archiving(shore, random));
  }

  private Stand inboxes(Shore shore, SplittableRandom random) {
    var gate = new Gate();
    RoomLog log = gate.before(shore.log, RoomLog.class, shore.redisAway);
    JobLedger ledger = gate.before(shore.ledger, JobLedger.class, shore.redisAway);
    var job = new Mortal(new Inboxes(log, shore.lists, POLICY));
    return stand(gate, new JobCursor(job, log, ledger, new Counters()), ledger, random);
  }

  private Stand archiving(Shore shore, SplittableRandom random) {
    var gate = new Gate();
    RoomLog log = gate.before(shore.log, RoomLog.class, shore.redisAway);
    JobLedger ledger = gate.before(shore.ledger, JobLedger.class, shore.redisAway);
    ArchiveWriter archive = gate.before(shore.archive, ArchiveWriter.class, shore.archiveAway);
    Refill.Directory directory = (_, _) -> CompletableFuture.completedFuture(List.of());
    var duty = new Archiving(log, directory, archive, ledger, new Counters());
    return stand(gate, duty, ledger, random);
  }

  private Stand stand(Gate gate, Duty duty, JobLedger ledger, SplittableRandom random) {
    var placement = new Placement(name);
    var loop = new JobLoop(duty, ledger, name, new Counters(), random.split(), placement);
    return new Stand(gate, loop, placement);
  }

  void see(Set<String> workers) {
    stands.forEach(stand -> stand.placement.see(workers));
  }

  /** Without a word to anybody. */
  void kill() {
    stands.forEach(Stand::kill);
  }

  /** In order: turns come to their end, and jobs are handed back. */
  void end() {
    for (Stand stand : stands) {
      if (stand.goOn()) {
        stand.loop.handBack();
      }
    }
  }

  /** Where one loop stands. */
  static final class Stand {
    final JobLoop loop;
    private final Gate gate;
    private final Placement placement;
    private @Nullable Fiber fiber;

    private Stand(Gate gate, JobLoop loop, Placement placement) {
      this.gate = gate;
      this.loop = loop;
      this.placement = placement;
    }

    /**
     * Takes a turn, or goes on with the one it stands still in.
     *
     * @return false if it was the death of its process
     */
    boolean turn(Gate.Trouble trouble, int callsBefore) {
      if (fiber != null) {
        return goOn();
      }
      if (trouble != Gate.Trouble.STOPS) {
        gate.expect(trouble, callsBefore, null);
        return take().isEmpty();
      }
      var own =
          new Fiber(() ->
              take()
                  .ifPresent(died -> {
                    throw died;
                  }));
      gate.expect(trouble, callsBefore, own);
      fiber = own;
      return goOn();
    }

    private Optional<Fiber.Death> take() {
      gate.enter();
      try {
        loop.turn();
        return Optional.empty();
      } catch (Fiber.Death died) {
        return Optional.of(died);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      } finally {
        gate.expect(Gate.Trouble.NONE, 0, null);
      }
    }

    /** True if it stands still again, or its turn is over. */
    boolean goOn() {
      Fiber own = fiber;
      if (own == null) {
        return true;
      }
      own.go();
      if (own.isOver()) {
        fiber = null;
      }
      return !own.isDead();
    }

    private void kill() {
      if (fiber != null) {
        fiber.kill();
        fiber = null;
      }
    }
  }
}

package partyline.worker;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import partyline.room.ArchiveWriter;
import partyline.room.Errands;
import partyline.room.EventId;
import partyline.room.JobLedger;
import partyline.room.Partition;
import partyline.room.Partitions;
import partyline.room.RoomLog;
import partyline.room.chat.Commands;
import partyline.room.chat.Policy;
import partyline.room.chat.Rules;
import partyline.room.hook.Webhooks;
import partyline.room.redis.RedisAudit;
import partyline.room.redis.RedisConnections;
import partyline.room.redis.RedisDeletedRooms;
import partyline.room.redis.RedisErrands;
import partyline.room.redis.RedisJobLedger;
import partyline.room.redis.RedisOutbox;
import partyline.room.redis.RedisPresence;
import partyline.room.redis.RedisRetention;
import partyline.room.redis.RedisRoomDirectory;
import partyline.room.redis.RedisRoomLists;
import partyline.room.redis.RedisRoomLog;
import partyline.room.redis.RedisWebhooks;
import partyline.worker.webhook.Calls;
import partyline.worker.webhook.Postman;

/**
 * What is done over the log of one partition, with cursors and under leases that stand in it. Each
 * partition is a log of its own, and so has all of these.
 */
final class Jobs {

  private final Shared shared;
  private final Partition partition;
  private final RedisConnections redis;
  private final Optional<ArchiveWriter> archive;
  private final JobLedger ledger;
  private final RoomLog log;
  private final Placement placement;
  private final Waiting waiting = new Waiting(InstantSource.system());

  /**
   * What all partitions share.
   *
   * @param rooms all there are, wherever they are
   * @param inboxes of each partition, for the others
   * @param webhooks as rooms
   */
  record Shared(
      WorkerConfig config,
      Partitions partitions,
      RoomLog rooms,
      List<Inboxes.Neighbour> inboxes,
      Webhooks webhooks,
      Placement placement,
      Postman postman,
      Calls calls) {}

  /**
   * @param redis the partition's
   * @param archive likewise; empty where there is none
   */
  Jobs(
      Shared shared, Partition partition, RedisConnections redis, Optional<ArchiveWriter> archive) {
    this.shared = shared;
    this.partition = partition;
    this.redis = redis;
    this.archive = archive;
    this.ledger = new RedisJobLedger(redis);
    this.log = new RedisRoomLog(redis);
    this.placement =
        shared.partitions().isOne() ? shared.placement() : shared.placement().in(partition);
  }

  List<JobLoop> loops() {
    var loops =
        new ArrayList<JobLoop>(List.of(trimming(), presence(), rooms(), inboxes(), audit()));
    archive.ifPresent(writer -> {
      loops.add(archiving(writer));
      loops.add(archiveRetention(writer));
    });
    return loops;
  }

  private JobLoop trimming() {
    var trimmed = new Counters();
    var config = shared.config();
    return loop(
        new Trimming(
            new RedisRetention(redis),
            config.logAge(),
            config.historyAge(),
            System::nanoTime,
            trimmed),
        trimmed);
  }

  private JobLoop presence() {
    var swept = new Counters();
    return loop(new PresenceSweep(new RedisPresence(redis), swept), swept);
  }

  private JobLoop rooms() {
    var emptied = new Counters();
    return loop(new RoomSweep(new RedisDeletedRooms(redis), emptied), emptied);
  }

  private JobLoop inboxes() {
    var told = new Counters();
    var neighbours =
        shared.inboxes().stream()
            .filter(neighbour -> !neighbour.partition().equals(partition))
            .toList();
    var whereto = new Whereto(shared.partitions(), partition);
    var inboxes = inboxes(shared.rooms(), redis, whereto, neighbours);
    return loop(new JobCursor(inboxes, log, ledger, told), told);
  }

  /** What tells of the events of one partition, for the others. */
  static Inboxes.Neighbour neighbour(
      RoomLog rooms, RedisConnections redis, Partitions partitions, Partition partition) {
    var whereto = new Whereto(partitions, partition);
    return new Inboxes.Neighbour(
        partition, new RedisRoomLog(redis), inboxes(rooms, redis, whereto, List.of()));
  }

  private static Inboxes inboxes(
      RoomLog rooms, RedisConnections redis, Whereto whereto, List<Inboxes.Neighbour> neighbours) {
    // Where the cluster has guests at all, they are told like others who may read.
    var policy = new Policy(Policy.Creation.MEMBERS, true);
    return new Inboxes(rooms, new RedisRoomLists(redis), policy, whereto, neighbours);
  }

  private JobLoop audit() {
    var audited = new Counters();
    var audit = new AuditJob(new RedisAudit(redis), audited);
    return loop(AuditJob.duty(audit, new JobCursor(audit, log, ledger, audited)), audited);
  }

  private JobLoop archiving(ArchiveWriter writer) {
    var written = new Counters();
    var directory = new RedisRoomDirectory(redis);
    return loop(new Archiving(log, directory::rooms, writer, ledger, written), written);
  }

  private JobLoop archiveRetention(ArchiveWriter writer) {
    var forgotten = new Counters();
    var kept = shared.config().archive().orElseThrow().age();
    return loop(new ArchiveRetention(log, writer, kept, forgotten), forgotten);
  }

  private JobLoop loop(Duty duty, Counters counters) {
    return new JobLoop(
        duty, ledger, shared.config().owner(), counters, RandomGenerator.getDefault(), placement);
  }

  WebhookLoops webhooks() {
    var outbox = new RedisOutbox(redis);
    return new WebhookLoops(
        new RedisWebhooks(redis),
        outbox,
        ledger,
        waiting,
        webhook -> {
          var delivered = new Counters();
          var job =
              new WebhookJob(
                  webhook,
                  shared.webhooks(),
                  outbox,
                  shared.postman(),
                  InstantSource.system(),
                  RandomGenerator.getDefault(),
                  delivered,
                  shared.calls());
          return loop(new WebhookDuty(job, new JobCursor(job, log, ledger, delivered)), delivered);
        });
  }

  /** What waits for webhooks here. */
  Waiting waiting() {
    return waiting;
  }

  /**
   * The part of an export that is about this partition.
   *
   * @param errands where what comes of it is kept
   */
  Export export(Errands errands) {
    return new Export(log, new RedisRoomDirectory(redis)::rooms, archive, ledger, errands);
  }

  /** The same of an erasure. */
  Erasure erasure() {
    return new Erasure(
        log,
        new RedisRoomDirectory(redis)::rooms,
        archive,
        ledger,
        new RedisErrands(redis),
        new RedisAudit(redis),
        commands());
  }

  /** The same of a purge. */
  Purge purge() {
    return new Purge(log, new RedisRoomDirectory(redis)::rooms, archive, ledger, commands());
  }

  private Commands commands() {
    var rules = new Rules(new Policy(Policy.Creation.SERVICE, true));
    return new Commands(shared.rooms(), rules, () -> EventId.ZERO);
  }
}

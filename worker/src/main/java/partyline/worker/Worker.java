package partyline.worker;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.room.ArchiveWriter;
import partyline.room.EventId;
import partyline.room.JobLedger;
import partyline.room.Limits;
import partyline.room.LogUnavailable;
import partyline.room.RoomLog;
import partyline.room.Settings;
import partyline.room.Timeline;
import partyline.room.archive.ArchivePool;
import partyline.room.archive.PostgresArchiveWriter;
import partyline.room.chat.Commands;
import partyline.room.chat.Policy;
import partyline.room.chat.Rules;
import partyline.room.metrics.Meters;
import partyline.room.metrics.Metric;
import partyline.room.redis.RedisAudit;
import partyline.room.redis.RedisCheck;
import partyline.room.redis.RedisConfig;
import partyline.room.redis.RedisConnections;
import partyline.room.redis.RedisCrew;
import partyline.room.redis.RedisDeletedRooms;
import partyline.room.redis.RedisErrands;
import partyline.room.redis.RedisJobLedger;
import partyline.room.redis.RedisNodeReports;
import partyline.room.redis.RedisOutbox;
import partyline.room.redis.RedisPresence;
import partyline.room.redis.RedisRetention;
import partyline.room.redis.RedisRoomDirectory;
import partyline.room.redis.RedisRoomLists;
import partyline.room.redis.RedisRoomLog;
import partyline.room.redis.RedisVitals;
import partyline.room.redis.RedisWebhooks;
import partyline.room.redis.WrongRedis;
import partyline.worker.webhook.Calls;
import partyline.worker.webhook.Names;
import partyline.worker.webhook.Postman;

/** The process that does the cluster's jobs, each of them only while no other worker does. */
public final class Worker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

  /** What is left of {@link Limits#WORKER_STOP_WITHIN} is for leases and connections. */
  private static final Duration TURNS_END_WITHIN = Duration.ofSeconds(10);

  private static final int EXIT_WRONG_SETTING = 2;

  private final RedisConnections redis;
  private final Optional<ArchivePool> archive;
  private final List<JobLoop> loops;
  private final Meters meters = new Meters(Metric.Teller.WORKER);
  private final Placement placement;
  private final Attendance attendance;
  private final Postman postman;
  private final WebhookLoops webhookLoops;
  private final Timeline timeline = new Timeline(InstantSource.system());
  private final Reporter reporter;
  private final Ops ops;
  private final AtomicReference<Ops.Health> ready =
      new AtomicReference<>(new Ops.Health(false, "waiting for Redis"));

  public static void main(String... args) throws Exception {
    try {
      WorkerConfig config = WorkerConfig.from(System.getenv());
      new Settings(System.getenv()).warnings().forEach(LOG::warn);
      serve(config);
    } catch (Settings.Wrong | WrongRedis wrong) {
      System.err.println(wrong.getMessage());
      System.exit(EXIT_WRONG_SETTING);
    }
  }

  private static void serve(WorkerConfig config) throws Exception {
    var stop = new CountDownLatch(1);
    var stopped = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> await(stop, stopped)));
    try (var worker = new Worker(config)) {
      if (worker.start(stop)) {
        LOG.info("worker {} works, ops on {}", config.owner(), worker.ops.url());
        System.out.println("ready " + worker.ops.url());
        stop.await();
      }
    } finally {
      stopped.countDown();
    }
  }

  /** Holds the end of the process, which SIGTERM began, until the worker is closed. */
  private static void await(CountDownLatch stop, CountDownLatch stopped) {
    stop.countDown();
    try {
      if (!stopped.await(Limits.WORKER_STOP_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("did not stop within {} s", Limits.WORKER_STOP_WITHIN.toSeconds());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  Worker(WorkerConfig config) {
    redis = RedisConnections.open(RedisConfig.parse(config.redisUrl(), config.keyPrefix()));
    var ledger = new RedisJobLedger(redis);
    var trimmed = new Counters();
    var trimming =
        new Trimming(
            new RedisRetention(redis),
            config.logAge(),
            config.historyAge(),
            System::nanoTime,
            trimmed);
    var swept = new Counters();
    var sweep = new PresenceSweep(new RedisPresence(redis), swept);
    var log = new RedisRoomLog(redis);
    var told = new Counters();
    // Where the cluster has guests at all, they are told like others who may read.
    var inboxes =
        new Inboxes(log, new RedisRoomLists(redis), new Policy(Policy.Creation.MEMBERS, true));
    var emptied = new Counters();
    var rooms = new RoomSweep(new RedisDeletedRooms(redis), emptied);
    var random = RandomGenerator.getDefault();
    var audited = new Counters();
    var audit = new AuditJob(new RedisAudit(redis), audited);
    placement = new Placement(config.owner());
    attendance = new Attendance(new RedisCrew(redis), config.owner(), placement);
    var all =
        new ArrayList<>(
            List.of(
                new JobLoop(trimming, ledger, config.owner(), trimmed, random, placement),
                new JobLoop(sweep, ledger, config.owner(), swept, random, placement),
                new JobLoop(rooms, ledger, config.owner(), emptied, random, placement),
                new JobLoop(
                    new JobCursor(inboxes, log, ledger, told),
                    ledger,
                    config.owner(),
                    told,
                    random,
                    placement),
                new JobLoop(
                    AuditJob.duty(audit, new JobCursor(audit, log, ledger, audited)),
                    ledger,
                    config.owner(),
                    audited,
                    random,
                    placement)));
    archive = config.archive().map(where -> ArchivePool.forWriter(where.url()));
    Optional<ArchiveWriter> writer =
        archive.map(pool ->
            new PostgresArchiveWriter(
                pool, config.archive().orElseThrow().searchable(), InstantSource.system()));
    writer.ifPresent(there -> all.addAll(archiving(config, there, log, ledger)));
    all.add(errands(config, writer, log, ledger));
    loops = List.copyOf(all);
    var webhooks = new RedisWebhooks(redis);
    var outbox = new RedisOutbox(redis);
    var calls = new Calls();
    meters.add(calls);
    var waiting = new Waiting(InstantSource.system());
    meters.add(waiting);
    postman =
        new Postman(
            config.webhooks(),
            Names.SYSTEM,
            () -> (SSLSocketFactory) SSLSocketFactory.getDefault());
    webhookLoops =
        new WebhookLoops(
            webhooks,
            outbox,
            ledger,
            waiting,
            webhook -> {
              var delivered = new Counters();
              var job =
                  new WebhookJob(
                      webhook,
                      webhooks,
                      outbox,
                      postman,
                      InstantSource.system(),
                      random,
                      delivered,
                      calls);
              return new JobLoop(
                  new WebhookDuty(job, new JobCursor(job, log, ledger, delivered)),
                  ledger,
                  config.owner(),
                  delivered,
                  random,
                  placement);
            });
    meters.add(new WorkerNumbers(config.owner(), ready::get, this::loops));
    meters.add(redis.numbers());
    var vitals = new RedisVitals(redis);
    meters.add(vitals);
    reporter = new Reporter(config.owner(), new RedisNodeReports(redis), vitals, meters, timeline);
    ops = listen(config.opsListen());
  }

  private List<JobLoop> archiving(
      WorkerConfig config, ArchiveWriter writer, RoomLog log, JobLedger ledger) {
    var written = new Counters();
    var archiving =
        new Archiving(log, new RedisRoomDirectory(redis)::rooms, writer, ledger, written);
    var forgotten = new Counters();
    var retention =
        new ArchiveRetention(log, writer, config.archive().orElseThrow().age(), forgotten);
    var random = RandomGenerator.getDefault();
    return List.of(
        new JobLoop(archiving, ledger, config.owner(), written, random, placement),
        new JobLoop(retention, ledger, config.owner(), forgotten, random, placement));
  }

  private JobLoop errands(
      WorkerConfig config, Optional<ArchiveWriter> writer, RoomLog log, JobLedger ledger) {
    var errands = new RedisErrands(redis);
    var directory = new RedisRoomDirectory(redis);
    var rules = new Rules(new Policy(Policy.Creation.SERVICE, true));
    var commands = new Commands(log, rules, () -> EventId.ZERO);
    var export = new Export(log, directory::rooms, writer, ledger, errands);
    var erasure =
        new Erasure(
            log, directory::rooms, writer, ledger, errands, new RedisAudit(redis), commands);
    var purge = new Purge(log, directory::rooms, writer, ledger, commands);
    return new JobLoop(
        new Errandry(errands, export, erasure, purge),
        ledger,
        config.owner(),
        new Counters(),
        RandomGenerator.getDefault(),
        placement);
  }

  /**
   * Waits for Redis, for as long as that takes, and starts the jobs; false if told to stop before.
   * Throws {@link WrongRedis} for one that won't do.
   */
  boolean start(CountDownLatch stop) throws InterruptedException {
    Duration pause = Duration.ZERO;
    while (!stop.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
      try {
        Await.answer(RedisCheck.check(redis)).forEach(LOG::warn);
        loops.forEach(JobLoop::start);
        webhookLoops.start();
        // Only now: who is there is given jobs.
        attendance.start();
        reporter.start();
        ready.set(new Ops.Health(true, "ready"));
        return true;
      } catch (LogUnavailable e) {
        pause = Limits.JOB_CLAIM_EVERY;
      }
    }
    return false;
  }

  /** Each job ends with the turn it is in, or is handed back in the middle of it. */
  @Override
  public void close() {
    ready.set(new Ops.Health(false, "stopping"));
    reporter.stop();
    loops.forEach(JobLoop::stop);
    try {
      long deadline = System.nanoTime() + TURNS_END_WITHIN.toNanos();
      attendance.stop();
      webhookLoops.stop();
      loops().forEach(JobLoop::stop);
      for (JobLoop loop : loops()) {
        if (!loop.awaitEnd(Duration.ofNanos(deadline - System.nanoTime()))) {
          loop.handBack();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      postman.close();
      archive.ifPresent(ArchivePool::close);
      redis.close();
      ops.close();
    }
  }

  /** Those that there are just now. */
  private List<JobLoop> loops() {
    var all = new ArrayList<>(loops);
    all.addAll(webhookLoops.loops());
    return all;
  }

  private Ops.Health live() {
    return loops.stream().allMatch(JobLoop::isAlive)
        ? new Ops.Health(true, "ok")
        : new Ops.Health(false, "a job has ended");
  }

  private Ops listen(Settings.Listen address) {
    try {
      return new Ops(address, this::live, ready::get, meters);
    } catch (IOException e) {
      throw new Settings.Wrong(
          "PARTYLINE_OPS_LISTEN",
          address.toString(),
          "Nothing can listen there (" + e.getMessage() + "): write another address:port.");
    }
  }
}

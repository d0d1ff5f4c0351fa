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
import java.util.stream.Stream;
import javax.net.ssl.SSLSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.room.ArchiveWriter;
import partyline.room.Limits;
import partyline.room.LogUnavailable;
import partyline.room.Partition;
import partyline.room.Partitions;
import partyline.room.RoomLog;
import partyline.room.Settings;
import partyline.room.Timeline;
import partyline.room.archive.ArchivePool;
import partyline.room.archive.ArchiveUrl;
import partyline.room.archive.PostgresArchiveWriter;
import partyline.room.hook.Webhooks;
import partyline.room.metrics.Meters;
import partyline.room.metrics.Metric;
import partyline.room.partitioned.AnsweredHorizon;
import partyline.room.partitioned.PartitionedRoomLog;
import partyline.room.partitioned.PartitionedWebhooks;
import partyline.room.redis.RedisCheck;
import partyline.room.redis.RedisConfig;
import partyline.room.redis.RedisConnections;
import partyline.room.redis.RedisCrew;
import partyline.room.redis.RedisErrands;
import partyline.room.redis.RedisJobLedger;
import partyline.room.redis.RedisNodeReports;
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
  private final Partitions partitions;

  /** One for each partition, where there is an archive. */
  private final List<ArchivePool> archives;

  private final List<JobLoop> loops;
  private final Meters meters = new Meters(Metric.Teller.WORKER);
  private final Placement placement;
  private final Attendance attendance;
  private final Postman postman;
  private final List<WebhookLoops> webhookLoops;
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
    partitions = config.partitions();
    placement = new Placement(config.owner());
    attendance = new Attendance(new RedisCrew(redis), config.owner(), placement);
    archives = config.archive().map(where -> pools(where.url())).orElse(List.of());
    postman =
        new Postman(
            config.webhooks(),
            Names.SYSTEM,
            () -> (SSLSocketFactory) SSLSocketFactory.getDefault());
    var calls = new Calls();
    meters.add(calls);
    RoomLog rooms = rooms();
    var shared =
        new Jobs.Shared(
            config, partitions, rooms, inboxes(rooms), webhooks(), placement, postman, calls);
    List<Jobs> jobs =
        partitions.each(partition ->
            new Jobs(shared, partition, redis.in(partition), archive(config, partition)));
    loops =
        Stream.concat(
                jobs.stream().flatMap(its -> its.loops().stream()),
                Stream.of(errands(config, jobs)))
            .toList();
    webhookLoops = jobs.stream().map(Jobs::webhooks).toList();
    meters.add(Waiting.all(jobs.stream().map(Jobs::waiting).toList()));
    meters.add(new WorkerNumbers(config.owner(), ready::get, this::loops));
    meters.add(redis.numbers());
    var vitals = new RedisVitals(partitions.each(redis::in));
    meters.add(vitals);
    reporter = new Reporter(config.owner(), new RedisNodeReports(redis), vitals, meters, timeline);
    ops = listen(config.opsListen());
  }

  private List<ArchivePool> pools(ArchiveUrl url) {
    return partitions.isOne()
        ? List.of(ArchivePool.forWriter(url))
        : partitions.each(
            partition -> ArchivePool.forWriter(url.in(partition), partitions.count()));
  }

  private Optional<ArchiveWriter> archive(WorkerConfig config, Partition partition) {
    return config
        .archive()
        .map(where ->
            new PostgresArchiveWriter(
                archives.get(partition.index()), where.searchable(), InstantSource.system()));
  }

  /** All rooms, for jobs of one partition that concern people of others. */
  private RoomLog rooms() {
    return partitions.isOne()
        ? new RedisRoomLog(redis)
        : new PartitionedRoomLog(
            partitions,
            partitions.each(partition ->
                new PartitionedRoomLog.Part(
                    new RedisRoomLog(redis.in(partition)), new AnsweredHorizon())));
  }

  /** None where there is one partition: it has no others. */
  private List<Inboxes.Neighbour> inboxes(RoomLog rooms) {
    return partitions.isOne()
        ? List.of()
        : partitions.each(
            partition -> Jobs.neighbour(rooms, redis.in(partition), partitions, partition));
  }

  private Webhooks webhooks() {
    return partitions.isOne()
        ? new RedisWebhooks(redis)
        : new PartitionedWebhooks(
            partitions, partitions.each(partition -> new RedisWebhooks(redis.in(partition))));
  }

  /** What the site asked for stands with none of the partitions. */
  private JobLoop errands(WorkerConfig config, List<Jobs> jobs) {
    var errands = new RedisErrands(redis);
    List<Export> exports = jobs.stream().map(its -> its.export(errands)).toList();
    List<Erasure> parts = jobs.stream().map(Jobs::erasure).toList();
    List<Errandry.Work> erasures = new ArrayList<>(parts);
    // People of a partition may have been told of another one since its part was done.
    parts.forEach(part -> erasures.add(part.notices()));
    List<Purge> purges = jobs.stream().map(Jobs::purge).toList();
    // What was written down of somebody is with none of the partitions either; and their inbox may
    // have been told of other partitions since theirs was done.
    erasures.add(errand -> {
      var theirs = new RedisErrands(redis.in(partitions.of(errand.user())));
      Await.answer(theirs.forgetPerson(errand.user()));
      Await.answer(errands.forgetPerson(errand.user()));
      return errand.ended();
    });
    return new JobLoop(
        partitions.isOne()
            ? new Errandry(errands, exports.getFirst(), erasures.getFirst(), purges.getFirst())
            : new Errandry(
                errands, new Everywhere(exports), new Everywhere(erasures), new Everywhere(purges)),
        new RedisJobLedger(redis),
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
        Await.answer(RedisCheck.check(redis, partitions)).forEach(LOG::warn);
        loops.forEach(JobLoop::start);
        webhookLoops.forEach(WebhookLoops::start);
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
      for (WebhookLoops ofPartition : webhookLoops) {
        ofPartition.stop();
      }
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
      archives.forEach(ArchivePool::close);
      redis.close();
      ops.close();
    }
  }

  /** Those that there are just now. */
  private List<JobLoop> loops() {
    var all = new ArrayList<>(loops);
    webhookLoops.forEach(ofPartition -> all.addAll(ofPartition.loops()));
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

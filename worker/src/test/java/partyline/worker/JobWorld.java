package partyline.worker;

import static java.util.stream.Collectors.toUnmodifiableSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import partyline.room.Append;
import partyline.room.AppendResult;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.EventType;
import partyline.room.Limits;
import partyline.room.LogEntry;
import partyline.room.ManualClock;
import partyline.room.MemoryJobLedger;
import partyline.room.MemoryRoomLog;
import partyline.room.RoomId;
import partyline.worker.Gate.Trouble;

/**
 * Three workers of two jobs, one Redis, one archive, and a gateway that has heard everything: it
 * says so with each beat, as after several restarts and a failover nobody else may know any more
 * how far ids had run ahead. Or one that has just been started, each time.
 */
final class JobWorld {
  private static final List<RoomId> ROOMS = List.of(new RoomId("attic"), new RoomId("lobby"));
  private static final List<String> PEOPLE = List.of("ada", "bob");
  private static final int WORKERS = 3;
  private static final Pattern MENTIONED = Pattern.compile("\"message_id\":\"([^\"]+)\"");

  /** More would look like an event that ends every process that tries it. */
  private static final int DEATHS_MAX = Limits.JOB_TRIES - 1;

  private static final int ROUNDS_MAX = 400;
  private static final Duration ROUND = Duration.ofMillis(700);

  private final ManualClock clock = new ManualClock();
  private final MemoryRoomLog log = new MemoryRoomLog(clock);
  private final MemoryJobLedger ledger = log.jobs(clock);
  private final MemoryArchive archive = new MemoryArchive();
  private final SimulatedWorker.Shore shore;
  private final SplittableRandom random;
  private final List<SimulatedWorker> workers = new ArrayList<>();
  private final List<Said> all = new ArrayList<>();
  private final boolean remembers;
  private final EventId begin;
  private EventId heard = EventId.ZERO;
  private boolean redisAway;
  private boolean archiveAway;
  private int incarnations;
  private int deaths;

  /** One event, and whom it concerns. */
  private static final class Said {
    private final Event event;
    private final Optional<String> mentioned;
    private boolean lost;

    private Said(Event event, Optional<String> mentioned) {
      this.event = event;
      this.mentioned = mentioned;
    }
  }

  /**
   * @param remembers whether the gateway lives through everything
   */
  JobWorld(long seed, boolean remembers) {
    this.remembers = remembers;
    random = new SplittableRandom(seed);
    shore =
        new SimulatedWorker.Shore(
            log, log.lists(), ledger, archive, () -> redisAway, () -> archiveAway);
    for (int i = 0; i < WORKERS; i++) {
      workers.add(start(i));
    }
    // What jobs wrote before it is never lost: a job that began with the newest began there.
    rest();
    begin = say(0, "hi", Optional.empty());
  }

  private void beat() {
    if (!redisAway) {
      log.beat(remembers ? heard : EventId.ZERO).toCompletableFuture().join();
    }
  }

  private SimulatedWorker start(int number) {
    return new SimulatedWorker("w" + number + "-" + incarnations++, shore, random.split());
  }

  static void live(long seed, List<JobStep> steps) {
    var world = new JobWorld(seed, true);
    try {
      steps.forEach(world::take);
      world.comeToRest();
      world.judge();
    } finally {
      world.killAll();
    }
  }

  /** Where nobody remembers how far ids had run ahead, the archive alone is judged. */
  static void liveForgetful(long seed, List<JobStep> steps) {
    var world = new JobWorld(seed, false);
    try {
      steps.forEach(world::take);
      world.comeToRest();
      world.judgeArchive();
    } finally {
      world.killAll();
    }
  }

  void take(JobStep step) {
    int a = step.a();
    int b = step.b();
    switch (step.kind()) {
      case SAY ->
          say(a, "hi", b < 60 ? Optional.of(PEOPLE.get(b % PEOPLE.size())) : Optional.empty());
      case POISON -> poison(a, b);
      case TURN -> turn(a % WORKERS, a / WORKERS % 2, trouble(b), b / 10);
      case RENEW -> renew(a % WORKERS, b % 2);
      case PASS -> {
        clock.advance(Duration.ofMillis((a + 1) * 60L));
        beat();
      }
      case KILL -> replace(a % WORKERS, deaths++ >= DEATHS_MAX);
      case END -> replace(a % WORKERS, true);
      case SEE -> worker(b).see(a < 30 ? Set.of(worker(b).name) : names());
      case REDIS_AWAY -> redisAway = true;
      case ARCHIVE_AWAY -> archiveAway = true;
      case BACK -> endFaults();
      case CLOCK -> clock.advance(Duration.ofMillis((a - 90) * 500L));
      case RESTART -> log.promote();
      case LOSE_TAIL -> loseTail(a % 8, b % 4);
    }
  }

  private static Trouble trouble(int b) {
    return switch (b % 10) {
      case 0, 1, 2 -> Trouble.STOPS;
      case 3 -> Trouble.DIES;
      case 4 -> Trouble.NO_ANSWER;
      default -> Trouble.NONE;
    };
  }

  private EventId say(int room, String text, Optional<String> mentioned) {
    String data =
        "{\"text\":\"%s\",\"mentions\":[%s]}"
            .formatted(text, mentioned.map(who -> "\"" + who + "\"").orElse(""));
    var append =
        Append.of(
            ROOMS.get(room % ROOMS.size()),
            EventType.MESSAGE_CREATED,
            "{\"id\":\"eve\",\"name\":\"Eve\"}",
            data);
    var result =
        (AppendResult.Appended) log.append(append, EventId.ZERO).toCompletableFuture().join();
    all.add(new Said(result.event(), mentioned));
    heard = EventId.max(heard, result.event().id());
    return result.event().id();
  }

  /** One that ends processes ends as many as it is given, so there is one of them at most. */
  private void poison(int a, int b) {
    boolean dies = b % 2 == 0 && deaths == 0;
    if (dies) {
      deaths = DEATHS_MAX;
    }
    say(a, dies ? "dies" : "fails", Optional.of(PEOPLE.get(b % PEOPLE.size())));
  }

  private void turn(int worker, int job, Trouble asked, int callsBefore) {
    Trouble trouble = asked == Trouble.DIES && deaths++ >= DEATHS_MAX ? Trouble.NONE : asked;
    if (!worker(worker).stands.get(job).turn(trouble, callsBefore)) {
      replace(worker, false);
    }
  }

  private void renew(int worker, int job) {
    try {
      worker(worker).stands.get(job).loop.renew();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void replace(int number, boolean inOrder) {
    SimulatedWorker old = worker(number);
    if (inOrder) {
      old.end();
    } else {
      old.kill();
    }
    workers.set(number % WORKERS, start(number % WORKERS));
  }

  private void loseTail(int entries, int jobWrites) {
    List<EventId> ids =
        log.entries().stream().map(LogEntry::id).filter(id -> !begin.isAfter(id)).toList();
    EventId branch = ids.get(Math.max(0, ids.size() - 1 - entries));
    log.loseAfter(branch, jobWrites);
    for (Said said : all) {
      said.lost |= said.event.id().isAfter(branch);
    }
  }

  private void endFaults() {
    redisAway = false;
    archiveAway = false;
  }

  /** Faults end, and everybody works until nothing is left to be done. */
  void comeToRest() {
    endFaults();
    rest();
  }

  private void rest() {
    workers.forEach(worker -> worker.see(names()));
    for (int idle = 0, round = 0; idle < 3; round++) {
      assertThat(round).as("rounds until all is done").isLessThan(ROUNDS_MAX);
      clock.advance(ROUND);
      beat();
      for (int worker = 0; worker < WORKERS; worker++) {
        for (int job = 0; job < 2; job++) {
          renew(worker, job);
          turn(worker, job, Trouble.NONE, 0);
        }
      }
      Map<String, EventId> cursors = ledger.cursors().toCompletableFuture().join();
      boolean done = cursors.size() == 2 && cursors.values().stream().allMatch(log.last()::equals);
      idle = done ? idle + 1 : 0;
    }
  }

  void judge() {
    Map<EventId, Integer> told = told();
    for (Said said : all) {
      boolean due = said.mentioned.isPresent() && !said.lost && !isPoison(said);
      assertThat(told.getOrDefault(said.event.id(), 0))
          .as("how often somebody was told of %s", name(said))
          .isEqualTo(due ? 1 : 0);
    }
    judgeArchive();
    Set<EventId> aside = new TreeSet<>();
    ledger
        .dead(Limits.DEAD_LETTERS)
        .toCompletableFuture()
        .join()
        .forEach(letter -> aside.add(letter.event()));
    assertThat(aside).as("what was put aside").isSubsetOf(ids(this::isPoison));
    assertThat(ids(said -> !said.lost && isPoison(said)))
        .as("what had to be put aside")
        .isSubsetOf(aside);
  }

  private void judgeArchive() {
    assertThat(archive.rows.keySet()).as("what is archived").isEqualTo(ids(said -> !said.lost));
  }

  private boolean isPoison(Said said) {
    return Mortal.isPoison(said.event);
  }

  private Map<EventId, Integer> told() {
    var told = new HashMap<EventId, Integer>();
    for (LogEntry entry : log.entries()) {
      if (entry instanceof Event event && event.type().equals(EventType.MENTION_CREATED)) {
        Matcher message = MENTIONED.matcher(event.data());
        assertThat(message.find()).isTrue();
        told.merge(EventId.of(message.group(1)), 1, Integer::sum);
      }
    }
    return told;
  }

  private Set<EventId> ids(Predicate<Said> which) {
    var ids = new TreeSet<EventId>();
    all.stream().filter(which).forEach(said -> ids.add(said.event.id()));
    return ids;
  }

  private static String name(Said said) {
    return said.event.id() + (said.lost ? ", which was lost" : "");
  }

  void killAll() {
    workers.forEach(SimulatedWorker::kill);
  }

  private Set<String> names() {
    return workers.stream().map(worker -> worker.name).collect(toUnmodifiableSet());
  }

  private SimulatedWorker worker(int number) {
    return workers.get(number % WORKERS);
  }
}

package partyline.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.room.Epoch;
import partyline.room.Event;
import partyline.room.EventCodec;
import partyline.room.EventId;
import partyline.room.JobLedger.Outcome;
import partyline.room.Json;
import partyline.room.Lease;
import partyline.room.Limits;
import partyline.room.hook.Delivery;
import partyline.room.hook.Outbox;
import partyline.room.hook.Outbox.Again;
import partyline.room.hook.Outbox.Settled;
import partyline.room.hook.Parcel;
import partyline.room.hook.Pause;
import partyline.room.hook.Webhook;
import partyline.room.hook.Webhooks;
import partyline.worker.webhook.Answer;
import partyline.worker.webhook.Breaker;
import partyline.worker.webhook.Calls;
import partyline.worker.webhook.Postman;
import partyline.worker.webhook.Retries;
import partyline.worker.webhook.Signature;

/**
 * Delivers events to one webhook. A job of its own, so that an endpoint that is slow or down delays
 * no other.
 *
 * <p>It never waits for its endpoint: what fails, and what there was no time for, goes to the
 * outbox and is due again later; then the cursor moves on, and holds no trimming. So the order of
 * events is not kept across failures, and receivers order them by their ids and numbers. What was
 * sent but not written down is sent again by the next owner, under the same {@code webhook-id}.
 */
final class WebhookJob implements Job {
  private static final Logger LOG = LoggerFactory.getLogger(WebhookJob.class);
  private static final int GONE = 410;
  private static final String TEST = "webhook.test";
  private static final Duration PROBED_ELSEWHERE = Duration.ofSeconds(1);

  private final String name;
  private final Supplier<Webhook> webhook;
  private final Webhooks webhooks;
  private final Outbox outbox;
  private final Postman postman;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Counters counters;
  private final Calls calls;

  // Owned by the loop's thread.
  private @Nullable Lease lease;
  private Breaker breaker = new Breaker(Pause.NONE);

  /**
   * @param webhook as it stands now
   */
  WebhookJob(
      Supplier<Webhook> webhook,
      Webhooks webhooks,
      Outbox outbox,
      Postman postman,
      InstantSource clock,
      RandomGenerator random,
      Counters counters,
      Calls calls) {
    this.name = webhook.get().name();
    this.webhook = webhook;
    this.webhooks = webhooks;
    this.outbox = outbox;
    this.postman = postman;
    this.clock = clock;
    this.random = random;
    this.counters = counters;
    this.calls = calls;
  }

  @Override
  public String name() {
    return Outbox.job(name);
  }

  /** Its first cursor is set together with it. */
  @Override
  public Begin begin() {
    return Begin.NEWEST;
  }

  @Override
  public int batch() {
    return Limits.WEBHOOK_BATCH;
  }

  /** Goes on under this lease, with what its last owner knew of the endpoint. */
  void under(Lease held) throws InterruptedException {
    if (!held.equals(lease)) {
      breaker = new Breaker(Await.answer(outbox.pause(name)));
      lease = held;
    }
  }

  @Override
  public void act(List<Event> events) throws InterruptedException {
    Webhook now = webhook.get();
    List<Mail> mail =
        events.stream()
            .filter(now::wants)
            .map(event -> new Mail(Parcel.of(event.id(), event.room()), false, Optional.of(event)))
            .toList();
    if (!mail.isEmpty()) {
      deliver(mail);
    }
  }

  /** Delivers of what is due. Whether there is more. */
  boolean retry() throws InterruptedException {
    Instant now = clock.instant();
    Pause pause = breaker.pause();
    if (pause.isOn() && now.isBefore(pause.until())) {
      return false;
    }
    int limit = pause.isOn() ? 1 : Limits.WEBHOOK_BATCH;
    List<Parcel> due = Await.answer(outbox.due(name, now, limit));
    if (due.isEmpty()) {
      return false;
    }
    List<Parcel> ofEvents = due.stream().filter(parcel -> parcel.room().isPresent()).toList();
    Map<Parcel, Event> events = Await.answer(outbox.events(ofEvents));
    deliver(
        due.stream()
            .map(parcel -> new Mail(parcel, true, Optional.ofNullable(events.get(parcel))))
            .toList());
    return due.size() == limit && !breaker.pause().isOn();
  }

  /**
   * @param event empty for a test, and for what is gone
   */
  private record Mail(Parcel parcel, boolean wasDue, Optional<Event> event) {

    boolean isTest() {
      return parcel.room().isEmpty();
    }
  }

  private void deliver(List<Mail> mail) throws InterruptedException {
    var settled = new Settled[mail.size()];
    var next = new AtomicInteger();
    long endNanos = System.nanoTime() + Limits.WEBHOOK_TURN.toNanos();
    Runnable worker =
        () -> {
          for (int i = next.getAndIncrement(); i < settled.length; i = next.getAndIncrement()) {
            settled[i] = settle(mail.get(i), System.nanoTime() < endNanos);
          }
        };
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < Math.min(Limits.WEBHOOK_CALLS_AT_ONCE, settled.length); i++) {
        threads.execute(worker);
      }
    }
    writeDown(Arrays.asList(settled));
  }

  private Settled settle(Mail mail, boolean hasTime) {
    Instant now = clock.instant();
    if (mail.event().isEmpty() && !mail.isTest()) {
      return gone(mail, now);
    }
    if (!hasTime) {
      return putOff(mail, now);
    }
    if (!breaker.lets(now)) {
      Instant until = breaker.pause().until();
      return putOff(mail, until.isAfter(now) ? until : now.plus(PROBED_ELSEWHERE));
    }
    return call(mail, now);
  }

  private Settled call(Mail mail, Instant now) {
    Webhook to = webhook.get();
    byte[] body = body(mail, now).getBytes(UTF_8);
    long began = System.nanoTime();
    Answer answer =
        postman.post(
            to.url(),
            Signature.headers(to.secretsAt(now), mail.parcel().webhookId(), now, body),
            body);
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    calls.called(answer, took.toNanos());
    breaker.tell(answer.isWell(), clock.instant());
    counters.add(answer.isWell() ? Count.DELIVERED : Count.DELIVERIES_FAILED);
    Optional<Again> again = answer.isWell() ? Optional.empty() : again(mail, answer, now);
    again.ifPresent(_ -> calls.retried());
    Delivery.Outcome outcome =
        answer.isWell()
            ? Delivery.Outcome.DELIVERED
            : again.isPresent() ? Delivery.Outcome.FAILED : Delivery.Outcome.DEAD;
    boolean isDead = outcome == Delivery.Outcome.DEAD && !mail.isTest();
    return new Settled(
        mail.parcel(),
        mail.wasDue(),
        Optional.of(
            new Delivery(
                now,
                mail.parcel(),
                type(mail),
                outcome,
                answer.status(),
                took,
                again.map(Again::at),
                answer.reason())),
        again,
        isDead ? Optional.of(answer.reason()) : Optional.empty());
  }

  private Optional<Again> again(Mail mail, Answer answer, Instant now) {
    if (mail.isTest() || answer.isGone()) {
      return Optional.empty();
    }
    Parcel tried = mail.parcel().triedOnceMore();
    return Retries.after(tried.tries(), random)
        .map(pause -> answer.retryAfter().filter(asked -> asked.compareTo(pause) > 0).orElse(pause))
        .map(pause ->
            pause.compareTo(Limits.WEBHOOK_RETRY_LAST) > 0 ? Limits.WEBHOOK_RETRY_LAST : pause)
        .map(pause -> new Again(tried, now.plus(pause)));
  }

  private Settled putOff(Mail mail, Instant until) {
    calls.skipped();
    var again = new Again(mail.parcel(), until);
    return new Settled(
        mail.parcel(), mail.wasDue(), Optional.empty(), Optional.of(again), Optional.empty());
  }

  private static Settled gone(Mail mail, Instant now) {
    String reason = "the event is kept no longer";
    var delivery =
        new Delivery(
            now,
            mail.parcel(),
            "",
            Delivery.Outcome.DEAD,
            0,
            Duration.ZERO,
            Optional.empty(),
            reason);
    return new Settled(
        mail.parcel(), mail.wasDue(), Optional.of(delivery), Optional.empty(), Optional.of(reason));
  }

  private void writeDown(List<Settled> all) throws InterruptedException {
    Lease held = lease;
    if (held == null) {
      throw new IllegalStateException("no lease to write under");
    }
    long dead = all.stream().filter(one -> one.dead().isPresent()).count();
    if (Await.answer(outbox.settle(held, name, breaker.pause(), all)) == Outcome.FENCED) {
      counters.add(Count.FENCED);
      LOG.warn(
          "webhook {} is somebody else's now: {} outcomes are not written down", name, all.size());
      return;
    }
    counters.add(Count.DEAD, dead);
    boolean isGone = all.stream().anyMatch(WebhookJob::isGone);
    if (isGone) {
      LOG.warn("webhook {} is turned off: its endpoint answered 410", name);
      Await.answer(webhooks.turnOff(name, "its endpoint answered 410"));
    }
  }

  private static boolean isGone(Settled one) {
    return one.delivery().filter(delivery -> delivery.status() == GONE).isPresent();
  }

  private static String type(Mail mail) {
    return mail.event().map(Event::type).orElse(TEST);
  }

  /** As Standard Webhooks wants a body: type, timestamp, and what happened in data. */
  private String body(Mail mail, Instant now) {
    String data =
        mail.event()
            .map(EventCodec::json)
            .orElseGet(() -> "{\"webhook\":" + Json.quote(name) + "}");
    Instant at = mail.event().map(Event::at).orElse(now);
    return "{\"type\":\"" + type(mail) + "\",\"timestamp\":\"" + at + "\",\"data\":" + data + "}";
  }

  /** What was told of lost events was told; what is still due of them will be found to be gone. */
  @Override
  public void undo(Epoch epoch) {}

  @Override
  public void hole(EventId cursor, EventId first) {
    LOG.warn("webhook {} hears nothing of what happened between {} and {}", name, cursor, first);
  }
}

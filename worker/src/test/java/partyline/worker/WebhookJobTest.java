package partyline.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.standardwebhooks.Webhook;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import partyline.room.Append;
import partyline.room.AppendResult;
import partyline.room.DeadLetter;
import partyline.room.Event;
import partyline.room.EventCodec;
import partyline.room.EventId;
import partyline.room.EventType;
import partyline.room.Json;
import partyline.room.Limits;
import partyline.room.RoomId;
import partyline.room.Subnet;
import partyline.room.hook.Delivery;
import partyline.room.hook.Delivery.Outcome;
import partyline.room.hook.Parcel;
import partyline.room.hook.WebhookSecret;
import partyline.room.hook.Webhooks;
import partyline.room.process.Eventually;
import partyline.room.redis.FreshRedis;
import partyline.room.redis.RedisJobLedger;
import partyline.room.redis.RedisOutbox;
import partyline.room.redis.RedisRoomLog;
import partyline.room.redis.RedisWebhooks;
import partyline.worker.webhook.Addresses;
import partyline.worker.webhook.Calls;
import partyline.worker.webhook.Endpoint;
import partyline.worker.webhook.Names;
import partyline.worker.webhook.Postman;

/** Deliveries from a real log to endpoints on this machine. Time passes as the test says. */
final class WebhookJobTest {
  private static final RoomId LOBBY = new RoomId("lobby");

  private static FreshRedis redis;
  private static RedisRoomLog log;
  private static RedisJobLedger ledger;
  private static RedisWebhooks webhooks;
  private static RedisOutbox outbox;

  // Close to the real time: receivers refuse what is too old.
  private Instant now = Instant.now();
  private final Counters counters = new Counters();
  private final Postman postman =
      new Postman(
          new Postman.Permit(
              true, new Addresses(List.of(Subnet.parse("127.0.0.0/8").orElseThrow()))),
          Names.SYSTEM,
          () -> (SSLSocketFactory) SSLSocketFactory.getDefault());
  private final Endpoint endpoint = new Endpoint();
  private final List<Endpoint> endpoints = new ArrayList<>(List.of(endpoint));

  @BeforeAll
  static void start() {
    redis = FreshRedis.start();
    log = redis.log();
    ledger = redis.ledger();
    webhooks = new RedisWebhooks(redis.connections());
    outbox = new RedisOutbox(redis.connections());
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @BeforeEach
  void forget() {
    redis.empty();
  }

  @AfterEach
  void close() {
    postman.close();
    endpoints.forEach(Endpoint::close);
  }

  @Test
  void a_message_arrives_as_clients_read_it_and_the_official_library_verifies_it()
      throws Exception {
    partyline.room.hook.Webhook shop = put("shop", endpoint.url());
    Event event = post(1).getFirst();

    catchUp(loop("shop", "w1"));

    Endpoint.Got got = endpoint.got.getFirst();
    JsonNode body = Json.MAPPER.readTree(got.body());
    assertThat(body.path("type").asText()).isEqualTo("message.created");
    assertThat(body.path("timestamp").asText()).isEqualTo(event.at().toString());
    assertThat(body.path("data")).isEqualTo(Json.MAPPER.readTree(EventCodec.json(event)));
    assertThat(got.id()).isEqualTo(Parcel.of(event.id(), LOBBY).webhookId());
    assertThatCode(() -> verify(shop, got)).doesNotThrowAnyException();
    assertThat(logged("shop"))
        .singleElement()
        .satisfies(delivery -> {
          assertThat(delivery.outcome()).isEqualTo(Outcome.DELIVERED);
          assertThat(delivery.status()).isEqualTo(200);
          assertThat(delivery.parcel().event()).isEqualTo(event.id());
        });
  }

  private static void verify(partyline.room.hook.Webhook webhook, Endpoint.Got got)
      throws Exception {
    var headers = new HashMap<String, List<String>>();
    got.headers().forEach((name, value) -> headers.put(name, List.of(value)));
    new Webhook(webhook.secrets().getFirst().text()).verify(got.body(), headers);
  }

  @Test
  void an_endpoint_that_was_down_for_ten_minutes_gets_everything_in_the_end() throws Exception {
    put("shop", endpoint.url());
    JobLoop loop = loop("shop", "w1");
    endpoint.behaviour = Endpoint.status(500);
    var events = new ArrayList<Event>();
    for (int minute = 0; minute < 10; minute++) {
      events.addAll(post(20));
      pass(loop, Duration.ofMinutes(1));
    }
    int whileDown = endpoint.got.size();

    endpoint.behaviour = Endpoint.answering(Endpoint.OK);
    pass(loop, Duration.ofHours(7));

    // It was hardly called while it was down, and has each of them once it is up.
    assertThat(whileDown).isLessThan(150);
    assertThat(endpoint.ids().subList(whileDown, endpoint.got.size()))
        .containsExactlyInAnyOrderElementsOf(ids(events));
    assertThat(dead()).isEmpty();
    assertThat(due("shop")).isZero();
  }

  @Test
  void one_that_flaps_gets_everything_too() throws Exception {
    put("shop", endpoint.url());
    JobLoop loop = loop("shop", "w1");
    var calls = new AtomicInteger();
    var well = new ArrayList<String>();
    Endpoint.Behaviour up = Endpoint.answering(Endpoint.OK);
    Endpoint.Behaviour down = Endpoint.status(503);
    endpoint.behaviour =
        (got, out) -> {
          boolean ok = calls.getAndIncrement() / 15 % 2 == 0;
          if (ok) {
            synchronized (well) {
              well.add(got.id());
            }
          }
          return (ok ? up : down).answer(got, out);
        };
    List<Event> events = post(200);

    pass(loop, Duration.ofHours(12));

    assertThat(well).containsExactlyInAnyOrderElementsOf(ids(events));
    assertThat(dead()).isEmpty();
  }

  @Test
  void a_slow_endpoint_delays_no_other() throws Exception {
    Endpoint slow = new Endpoint();
    endpoints.add(slow);
    var release = new CountDownLatch(1);
    slow.behaviour =
        (got, out) -> {
          release.await();
          return Endpoint.answering(Endpoint.OK).answer(got, out);
        };
    put("slow", slow.url());
    put("shop", endpoint.url());
    List<Event> events = post(100);
    JobLoop waiting = loop("slow", "w1");
    Thread turn = Thread.ofVirtual().start(() -> turns(waiting));
    Eventually.holds("it is called", () -> slow.got.size() >= 10);

    catchUp(loop("shop", "w1"));

    assertThat(endpoint.ids()).containsExactlyInAnyOrderElementsOf(ids(events));
    assertThat(slow.got).hasSizeLessThanOrEqualTo(Limits.WEBHOOK_CALLS_AT_ONCE);
    release.countDown();
    turn.join();
    pass(waiting, Duration.ofMinutes(1));
    assertThat(new HashSet<>(slow.ids())).hasSize(100);
  }

  private static void turns(JobLoop loop) {
    try {
      loop.turn();
      loop.turn();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void one_that_answers_410_is_turned_off_and_holds_the_log_no_longer() throws Exception {
    put("shop", endpoint.url());
    endpoint.behaviour = Endpoint.status(410);
    post(30);
    JobLoop loop = loop("shop", "w1");

    loop.turn();
    loop.turn();

    assertThat(webhook("shop").disabled()).contains("its endpoint answered 410");
    assertThat(Await.answer(ledger.cursors())).isEmpty();
    assertThat(due("shop")).isZero();
    assertThat(endpoint.got).hasSizeLessThanOrEqualTo(Limits.WEBHOOK_CALLS_AT_ONCE + 10);
  }

  @Test
  void one_that_was_turned_off_is_told_nothing_again_and_goes_on_when_it_is_turned_on()
      throws Exception {
    put("shop", endpoint.url());
    post(2);
    JobLoop loop = loop("shop", "w1");
    catchUp(loop);
    Await.answer(webhooks.turnOff("shop", "of a test"));
    loop.renew();
    post(1);

    for (int turns = 0; turns < 5; turns++) {
      loop.turn();
    }
    assertThat(endpoint.got).hasSize(2);

    put("shop", endpoint.url());
    List<Event> after = post(1);
    for (int turns = 0; turns < 5; turns++) {
      loop.turn();
    }
    assertThat(endpoint.ids().subList(2, endpoint.ids().size()))
        .containsExactly(Parcel.of(after.getFirst().id(), LOBBY).webhookId());
  }

  @Test
  void what_never_goes_well_is_given_up_with_its_reason_and_can_be_replayed() throws Exception {
    put("shop", endpoint.url());
    endpoint.behaviour = Endpoint.status(500);
    Event event = post(1).getFirst();
    JobLoop loop = loop("shop", "w1");

    pass(loop, Duration.ofDays(3));

    assertThat(endpoint.got).hasSize(Limits.WEBHOOK_TRIES);
    assertThat(new HashSet<>(endpoint.ids())).hasSize(1);
    assertThat(dead())
        .singleElement()
        .satisfies(letter -> {
          assertThat(letter.job()).isEqualTo("webhook:shop");
          assertThat(letter.event()).isEqualTo(event.id());
          assertThat(letter.reason()).isEqualTo("it answered 500");
        });
    Delivery last = logged("shop").getFirst();
    assertThat(last.outcome()).isEqualTo(Outcome.DEAD);

    endpoint.behaviour = Endpoint.answering(Endpoint.OK);
    assertThat(Await.answer(webhooks.deliver("shop", last.parcel().anew()))).isTrue();
    pass(loop, Duration.ofMinutes(1));

    assertThat(logged("shop").getFirst().outcome()).isEqualTo(Outcome.DELIVERED);
    assertThat(endpoint.ids()).hasSize(Limits.WEBHOOK_TRIES + 1);
  }

  @Test
  void what_was_erased_while_it_waited_is_not_delivered() throws Exception {
    put("shop", endpoint.url());
    endpoint.behaviour = Endpoint.status(500);
    Event event = post(1).getFirst();
    JobLoop loop = loop("shop", "w1");
    catchUp(loop);
    endpoint.behaviour = Endpoint.answering(Endpoint.OK);
    for (String key : List.of("{t}:log", "{t}:r:lobby", "{t}:n:lobby")) {
      redis.command("XDEL", key, event.id().toString());
    }

    pass(loop, Duration.ofMinutes(10));

    assertThat(endpoint.got).hasSize(1);
    assertThat(dead())
        .singleElement()
        .extracting(DeadLetter::reason)
        .isEqualTo("the event is kept no longer");
    assertThat(String.valueOf(redis.command("ZRANGE", "{t}:due:shop", "0", "-1")))
        .doesNotContain("hello");
  }

  @Test
  void a_zombie_writes_nothing_down_and_what_it_sent_twice_has_one_id() throws Exception {
    put("shop", endpoint.url());
    List<Event> events = post(10);
    JobLoop successor = loop("shop", "w2", new Counters());
    var happened = new AtomicInteger();
    endpoint.behaviour =
        (got, out) -> {
          if (happened.getAndIncrement() == 0) {
            // What a worker does not notice that is stopped past its lease in the middle of a call.
            redis.command("HSET", "{t}:job:webhook:shop", "until", "0");
            catchUp(successor);
          }
          return Endpoint.answering(Endpoint.OK).answer(got, out);
        };
    JobLoop zombie = loop("shop", "w1");

    zombie.turn();
    zombie.turn();

    assertThat(zombie.isOwner()).isFalse();
    assertThat(counters.of(Count.FENCED)).isEqualTo(2);
    assertThat(endpoint.ids().size()).isGreaterThan(10);
    assertThat(new HashSet<>(endpoint.ids())).containsExactlyInAnyOrderElementsOf(ids(events));
    assertThat(logged("shop")).hasSize(10);
  }

  @Test
  void after_a_change_of_secrets_both_sign_for_a_day() throws Exception {
    partyline.room.hook.Webhook before = put("shop", endpoint.url());
    var next = WebhookSecret.random();
    Await.answer(webhooks.put("shop", kept -> kept.orElseThrow().signedBy(next, now)));
    post(1);

    catchUp(loop("shop", "w1"));

    Endpoint.Got got = endpoint.got.getFirst();
    assertThatCode(() -> verify(before, got)).doesNotThrowAnyException();
    assertThatCode(() -> verify(webhook("shop"), got)).doesNotThrowAnyException();
  }

  @Test
  void a_test_call_is_made_at_once_and_only_once() throws Exception {
    put("shop", endpoint.url());
    endpoint.behaviour = Endpoint.status(500);
    Await.answer(webhooks.deliver("shop", Parcel.test(new EventId(7, 7))));
    JobLoop loop = loop("shop", "w1");

    pass(loop, Duration.ofHours(1));

    assertThat(endpoint.got)
        .singleElement()
        .satisfies(got -> assertThat(got.body()).startsWith("{\"type\":\"webhook.test\""));
    assertThat(logged("shop").getFirst().outcome()).isEqualTo(Outcome.DEAD);
    assertThat(dead()).isEmpty();
  }

  @Test
  void one_that_is_turned_on_again_hears_of_what_comes_from_then_on() throws Exception {
    put("shop", endpoint.url());
    Await.answer(webhooks.turnOff("shop", "enough"));
    post(3);
    put("shop", endpoint.url());
    List<Event> after = post(2);

    catchUp(loop("shop", "w1"));

    assertThat(endpoint.ids()).containsExactlyInAnyOrderElementsOf(ids(after));
  }

  /**
   * How many deliveries a second a healthy endpoint gets: {@code mvn -pl worker -am test
   * -Dtest=WebhookJobTest#rate_of_deliveries -DexcludedGroups=none}.
   */
  @Test
  @Tag("more-faults")
  void rate_of_deliveries() throws Exception {
    put("shop", endpoint.url());
    JobLoop loop = loop("shop", "w1");
    post(2_000);
    catchUp(loop);
    List<Event> events = post(20_000);
    endpoint.got.clear();
    endpoint.keeps = false;
    long calls = counters.of(Count.DELIVERED);

    long began = System.nanoTime();
    catchUp(loop);
    double seconds = (System.nanoTime() - began) / 1e9;

    assertThat(counters.of(Count.DELIVERED) - calls).isEqualTo(events.size());
    System.out.printf(
        "%d deliveries in %.2f s: %.0f/s%n", events.size(), seconds, 20_000 / seconds);
  }

  /** Turns, and rests in between, until so much time has passed. */
  private void pass(JobLoop loop, Duration time) throws InterruptedException {
    Instant end = now.plus(time);
    while (now.isBefore(end)) {
      Duration rest = loop.turn();
      if (rest.equals(Limits.JOB_IDLE)) {
        // Nothing to do: on to what is due next, or to the end.
        rest =
            nextDue()
                .filter(at -> at.isAfter(now))
                .map(at -> Duration.between(now, at))
                .orElse(Duration.ofSeconds(1));
        Duration left = Duration.between(now, end);
        rest = rest.compareTo(left) > 0 ? left : rest;
      }
      now = now.plus(rest);
    }
  }

  private Optional<Instant> nextDue() {
    if (redis.command("ZRANGE", "{t}:due:shop", "0", "0", "WITHSCORES") instanceof List<?> first
        && first.size() == 2) {
      Instant at = Instant.ofEpochMilli((long) Double.parseDouble(String.valueOf(first.get(1))));
      return Optional.of(at.isAfter(now) ? at : now.plusSeconds(1));
    }
    return Optional.of(now.plus(Duration.ofHours(1)));
  }

  private static void catchUp(JobLoop loop) throws InterruptedException {
    while (!loop.turn().equals(Limits.JOB_IDLE)) {}
  }

  private static partyline.room.hook.Webhook put(String name, URI url) throws InterruptedException {
    var change =
        Await.answer(
            webhooks.put(
                name,
                _ ->
                    new partyline.room.hook.Webhook(
                        name,
                        url,
                        List.of("message.*"),
                        List.of(),
                        List.of(WebhookSecret.random()),
                        Optional.empty(),
                        Instant.now())));
    return ((Webhooks.Change.Done) change).webhook();
  }

  private static partyline.room.hook.Webhook webhook(String name) throws InterruptedException {
    return Await.answer(webhooks.find(name)).orElseThrow();
  }

  private static List<Event> post(int count) throws InterruptedException {
    var events = new ArrayList<Event>();
    for (int i = 0; i < count; i++) {
      AppendResult result =
          Await.answer(
              log.append(
                  Append.of(
                      LOBBY, EventType.MESSAGE_CREATED, "{\"id\":\"ada\"}", "{\"text\":\"hello\"}"),
                  EventId.ZERO));
      events.add(((AppendResult.Appended) result).event());
    }
    return events;
  }

  private static List<String> ids(List<Event> events) {
    return events.stream().map(event -> Parcel.of(event.id(), LOBBY).webhookId()).toList();
  }

  private static List<Delivery> logged(String name) throws InterruptedException {
    return Await.answer(webhooks.deliveries(name, Optional.empty(), 100)).stream()
        .map(Webhooks.Logged::delivery)
        .toList();
  }

  private static List<DeadLetter> dead() throws InterruptedException {
    return Await.answer(ledger.dead(1_000));
  }

  private static long due(String name) {
    return redis.command("ZCARD", "{t}:due:" + name) instanceof Long count ? count : -1;
  }

  private JobLoop loop(String name, String owner) throws InterruptedException {
    return loop(name, owner, counters);
  }

  private JobLoop loop(String name, String owner, Counters counted) throws InterruptedException {
    Map<String, partyline.room.hook.Webhook> kept = Map.of(name, webhook(name));
    var job =
        new WebhookJob(
            () -> kept.get(name),
            webhooks,
            outbox,
            postman,
            () -> now,
            new Random(7),
            counted,
            new Calls());
    var duty = new WebhookDuty(job, new JobCursor(job, log, ledger, counted));
    return new JobLoop(duty, ledger, owner, counted, new Random(7));
  }
}

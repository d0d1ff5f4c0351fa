package partyline.deploy.soak;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import partyline.deploy.check.Checker;
import partyline.deploy.check.LogOfRedis;
import partyline.deploy.check.Recorder;
import partyline.deploy.check.Truth;
import partyline.deploy.check.Verdict;
import partyline.deploy.check.client.Client;
import partyline.deploy.check.client.Client.Way;
import partyline.deploy.check.client.Crowd;
import partyline.deploy.check.client.Pace;
import partyline.deploy.check.client.Publisher;
import partyline.deploy.cluster.LocalCluster;
import partyline.room.EventId;
import partyline.room.RoomId;
import partyline.room.redis.RedisConfig;

/** Clients come, listen and leave, others publish, and the judge looks at what was told. */
final class Shift {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int MESSAGES_PER_SENDER = 2;
  private static final int TEXT_LENGTH = 80;

  private final SoakPlan plan;
  private final LocalCluster cluster;
  private final int number;
  private final Recorder recorder = new Recorder();
  private final List<RoomId> rooms;

  /**
   * @param number from 0 on; names keys that no other shift uses
   */
  Shift(SoakPlan plan, LocalCluster cluster, int number) {
    this.plan = plan;
    this.cluster = cluster;
    this.number = number;
    this.rooms = IntStream.range(0, plan.rooms()).mapToObj(i -> new RoomId("soak-" + i)).toList();
  }

  /** When it returns, everybody has left. */
  Verdict work() throws InterruptedException {
    var log = new LogOfRedis(RedisConfig.parse(cluster.redisUri(), ""));
    EventId begin = log.end();
    Truth truth;
    try (var crowd = new Crowd(clients()).start();
        var publisher = new Publisher(recorder, load())) {
      if (!crowd.awaitReady(PATIENCE)) {
        throw new SoakException(
            "Not all clients are ready: " + crowd.without(diary -> diary.position().isPresent()));
      }
      publisher.start();
      TimeUnit.MILLISECONDS.sleep(plan.shift().toMillis());
      publisher.stop();
      truth = log.after(begin);
      if (!crowd.awaitAllHeard(truth, PATIENCE)) {
        throw new SoakException("Not all clients heard the end of it.");
      }
    }
    return Checker.strict().check(recorder.history(truth));
  }

  private List<Client> clients() {
    return IntStream.range(0, plan.clients()).mapToObj(this::client).toList();
  }

  private Client client(int i) {
    List<URI> nodes = new ArrayList<>(cluster.urls());
    Collections.rotate(nodes, i);
    // The same people come again, with another cursor.
    String name = "listener-" + i;
    Way way = Way.to(nodes).as(cluster.token(name));
    var diary = recorder.listener(name, Set.of(rooms.get(i % rooms.size())));
    return switch (i % 10) {
      case 0 -> Client.switching(diary, way, 50);
      case 1, 2, 3 -> Client.polling(diary, way);
      default -> Client.streaming(diary, way);
    };
  }

  private Publisher.Load load() {
    int senders = Math.max(1, plan.messagesPerSecond() / MESSAGES_PER_SENDER);
    List<String> tokens =
        IntStream.range(0, senders).mapToObj(i -> cluster.token("sender-" + i)).toList();
    return new Publisher.Load(
        cluster.urls(),
        tokens,
        rooms,
        plan.messagesPerSecond(),
        TEXT_LENGTH,
        Duration.ofSeconds(60),
        "s" + number + "-",
        Pace.USUAL);
  }
}

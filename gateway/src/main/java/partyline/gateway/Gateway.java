package partyline.gateway;

import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.gateway.connection.StreamSettings;
import partyline.gateway.http.Admission;
import partyline.gateway.http.Authentication;
import partyline.gateway.http.ClientAddress;
import partyline.gateway.http.Connections;
import partyline.gateway.http.EventsHandler;
import partyline.gateway.http.OpsPage;
import partyline.gateway.http.OpsRoutes;
import partyline.gateway.http.RequestLog;
import partyline.gateway.http.Routes;
import partyline.gateway.http.ServerOptions;
import partyline.gateway.http.Sight;
import partyline.gateway.http.TicketCheck;
import partyline.gateway.hub.Hubs;
import partyline.gateway.token.KnownTokens;
import partyline.gateway.token.Tickets;
import partyline.gateway.token.TokenKeys;
import partyline.gateway.token.TokenVerifier;
import partyline.room.Limits;
import partyline.room.LogClock;
import partyline.room.NodeReports;
import partyline.room.Settings;
import partyline.room.Timeline;
import partyline.room.metrics.Meters;
import partyline.room.metrics.Metric;
import partyline.room.redis.RedisCheck;
import partyline.room.redis.RedisConfig;
import partyline.room.redis.RedisConnections;
import partyline.room.redis.RedisNodeReports;
import partyline.room.redis.WrongRedis;

/** A gateway node: HTTP in, events out. Holds nothing that another node could not take over. */
public final class Gateway implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

  private static final Duration REDIS_RETRY = Duration.ofSeconds(1);
  private static final int EXIT_BROKEN = 1;
  private static final int EXIT_WRONG = 2;

  private final GatewayConfig config;
  private final RedisConnections connections;
  private final Connections httpConnections;
  private final TokenKeys keys;
  private final Vertx vertx;
  private final Drain drain;
  private final Realm realm;
  private final NodeReports reports;
  private final Reporter reporter;
  private final LogClock logClock = new LogClock();
  private final Timeline timeline = new Timeline(InstantSource.system());
  private final Meters meters = new Meters(Metric.Teller.GATEWAY);
  private final List<Front> fronts = new CopyOnWriteArrayList<>();
  private volatile int opsPort;

  /** Takes no arguments: everything is told by the environment. */
  public static void main(String[] arguments) {
    try {
      var config = GatewayConfig.from(System.getenv());
      var gateway = new Gateway(config);
      Runtime.getRuntime().addShutdownHook(new Thread(gateway::close, "drain"));
      gateway.start();
      gateway.sayReady();
    } catch (Settings.Wrong | WrongRedis wrong) {
      System.err.println(wrong.getMessage());
      Runtime.getRuntime().halt(EXIT_WRONG);
    } catch (RuntimeException broken) {
      // Vert.x' threads would keep alive a node that serves nobody.
      LOG.error("the gateway can't start", broken);
      Runtime.getRuntime().halt(EXIT_BROKEN);
    }
  }

  Gateway(GatewayConfig config) {
    this.config = config;
    keys = TokenKeys.open(config.keys().sharedSecret(), config.keys().keySets());
    connections =
        RedisConnections.open(
            RedisConfig.parse(config.redisUrl(), config.keyPrefix()).acknowledging(config.acks()));
    httpConnections = new Connections(config.connections());
    vertx =
        Vertx.builder()
            .with(new VertxOptions().setEventLoopPoolSize(config.eventLoops()))
            .withTransport(ServerOptions.transport(httpConnections))
            .build();
    drain = new Drain(config.drainPropagation(), config.drainWindow());
    realm = new Realm(config, connections, vertx, timeline);
    meters.add(realm.numbers());
    reports = new RedisNodeReports(connections);
    var rebalance = new Rebalance(config.rebalance(), drain, this::hubs, timeline);
    reporter =
        new Reporter(
            config.node(),
            reports,
            meters,
            timeline,
            realm::busiestRooms,
            logClock,
            rebalance,
            this::leave);
  }

  /**
   * Returns once it serves from a Redis it can work with. Until there is one it already answers:
   * probes with "starting", streams with {@code bye error}, posts with 503.
   */
  void start() {
    InstantSource clock = InstantSource.system();
    var addresses = new ClientAddress(config.trustedProxies());
    var tokens = new KnownTokens(new TokenVerifier(keys));
    var authentication = new Authentication(tokens, realm.keptOut(), config.anonymousRead(), clock);
    var tickets =
        new TicketCheck(new Tickets(config.keys()), realm.tickets(), realm.keptOut(), clock);
    var admission = new Admission(httpConnections.streams(), config.streamsPerAddress());
    var sight = new Sight(authentication, realm.stores().log(), config.policy());
    var requests = new RequestLog(config.ops().accessLog(), addresses);
    var routes =
        new Routes(
            config,
            authentication,
            sight,
            addresses,
            realm.keptOut(),
            realm.stores(),
            realm.horizon(),
            requests,
            clock);
    meters.add(connections.numbers());
    meters.add(routes.numbers());
    var shared =
        new Front.Shared(
            realm::hubs,
            streamSettings(),
            routes,
            ServerOptions.publicListener(config),
            drain,
            logClock);
    Front.Events events =
        listening ->
            new EventsHandler(
                listening,
                authentication,
                tickets,
                realm.keptOut(),
                sight,
                admission,
                realm::attendee,
                realm.stores().memberships(),
                addresses,
                requests,
                drain::isDraining,
                clock,
                Limits.TOKEN_LEEWAY);
    awaitListening(
        "PARTYLINE_LISTEN",
        config.listen(),
        vertx.deployVerticle(
            () -> new Front(shared, events, this::started),
            new DeploymentOptions().setInstances(config.eventLoops())));
    awaitListening("PARTYLINE_OPS_LISTEN", config.opsListen(), listenForOps());
    awaitRedis();
    realm.start(vertx);
    reporter.start(vertx);
    LOG.info(
        "gateway {} serves on {}, ops on {}", config.node(), config.listen(), config.opsListen());
  }

  private void started(Front front) {
    fronts.add(front);
    meters.add(front.numbers());
  }

  /** Throws {@link WrongRedis}; a Redis that is not there yet is waited for. */
  private void awaitRedis() {
    for (boolean said = false; ; said = true) {
      try {
        RedisCheck.check(connections, realm.partitions())
            .toCompletableFuture()
            .join()
            .forEach(LOG::warn);
        return;
      } catch (CompletionException failed) {
        if (failed.getCause() instanceof WrongRedis wrong) {
          throw wrong;
        }
        if (!said) {
          LOG.warn("waiting for Redis: {}", String.valueOf(failed.getCause()));
        }
        LockSupport.parkNanos(REDIS_RETRY.toNanos());
      }
    }
  }

  private StreamSettings streamSettings() {
    return new StreamSettings(
        config.node(),
        config.heartbeat().toMillis(),
        config.maxAge().toMillis(),
        config.streamEnd() == GatewayConfig.StreamEnd.CLEAN);
  }

  private Future<?> listenForOps() {
    List<Context> loops = fronts.stream().map(Front::loopContext).toList();
    var readiness = new NodeReadiness(realm.feeds(), drain);
    meters.add(
        new NodeNumbers(config.node(), readiness, drain, realm.feeds(), httpConnections, logClock));
    var page = new OpsPage(reports, config.ops().token());
    var routes = new OpsRoutes(readiness, meters, page, loops);
    return vertx
        .createHttpServer(ServerOptions.opsListener(config))
        .requestHandler(routes.create(vertx))
        .listen()
        .onSuccess(server -> {
          opsPort = server.actualPort();
          httpConnections.spare(opsPort);
        });
  }

  /** Where clients connect, when any free port was asked for. */
  int port() {
    return fronts.getFirst().port();
  }

  /** Where probes connect, likewise. */
  int opsPort() {
    return opsPort;
  }

  /** How many streams and parked polls are open. */
  int streams() {
    return hubs().stream().mapToInt(Hubs::size).sum();
  }

  private List<Hubs> hubs() {
    return fronts.stream().map(Front::hubs).toList();
  }

  /** What starts us waits for this line. */
  private void sayReady() {
    System.out.println("ready http://" + config.listen() + " http://" + config.opsListen());
    System.out.flush();
  }

  /**
   * Somebody asked for it on the ops page: the same as SIGTERM, and whoever started us may again.
   */
  private void leave() {
    Thread.ofPlatform().name("leave").start(() -> Runtime.getRuntime().exit(0));
  }

  /** Leaves as {@link Drain} says, within the grace whatever happens. */
  @Override
  public void close() {
    timeline.add("drain", streams() + " streams");
    try {
      drain
          .begin(hubs())
          .toCompletableFuture()
          .get(config.drainGrace().toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException late) {
      LOG.warn("the drain did not end in time: {}", late.toString());
    }
    reporter
        .stop()
        .exceptionally(unheard -> null)
        .toCompletableFuture()
        .completeOnTimeout(null, 1, TimeUnit.SECONDS)
        .join();
    realm.stop();
    await(vertx.close());
    realm.close();
    connections.close();
    keys.close();
    LOG.info("gateway {} has left", config.node());
  }

  private static void awaitListening(String setting, Settings.Listen address, Future<?> listening) {
    try {
      await(listening);
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof IOException refused) {
        throw new Settings.Wrong(
            setting,
            address.toString(),
            "Nothing can listen there (" + refused.getMessage() + "): write another address:port.");
      }
      throw failed;
    }
  }

  private static void await(Future<?> future) {
    future.toCompletionStage().toCompletableFuture().join();
  }
}

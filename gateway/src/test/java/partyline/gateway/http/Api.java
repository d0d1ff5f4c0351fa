package partyline.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import partyline.gateway.GatewayConfig;
import partyline.gateway.TestConfig;
import partyline.gateway.contract.Transcript;
import partyline.gateway.token.Caller;
import partyline.gateway.token.KnownTokens;
import partyline.gateway.token.ShutoutBook;
import partyline.gateway.token.Tickets;
import partyline.gateway.token.TokenVerifier;
import partyline.gateway.token.Tokens;
import partyline.room.Archive;
import partyline.room.Ephemeral;
import partyline.room.EventId;
import partyline.room.MemoryAudit;
import partyline.room.MemoryMemberships;
import partyline.room.MemoryPresence;
import partyline.room.MemoryReadMarkers;
import partyline.room.MemoryReports;
import partyline.room.MemoryRoomLog;
import partyline.room.MemoryShutouts;
import partyline.room.MemoryTicketLedger;
import partyline.room.MemoryWhisper;
import partyline.room.RoomId;
import partyline.room.RoomLog;
import partyline.room.hook.MemoryIncomingHooks;
import partyline.room.hook.MemoryWebhooks;

/** The HTTP surface on a real server, over a log that does as it is told. */
final class Api implements AutoCloseable {

  static final EventId SEEN = new EventId(999, 3);

  /** What stands in for events: they need a feed. */
  static final String POLLED = "{\"cursor\":\"999-3\",\"events\":[]}";

  /** What answers, unless the test brought a log of its own. */
  final ScriptedLog log;

  volatile Instant now = Instant.parse("2026-03-01T12:00:00Z");
  final List<Ephemeral> published = new CopyOnWriteArrayList<>();
  final MemoryPresence presence = new MemoryPresence(() -> now, published::add);

  final MemoryWebhooks webhooks = new MemoryWebhooks();
  final MemoryAudit audit = new MemoryAudit(() -> now);
  final MemoryErrands errands = new MemoryErrands(() -> this.now);

  private final int port;
  private final Router router;

  /** Whom a ticket let in last, and where. */
  volatile String admitted = "nobody";

  private final Authentication authentication;
  final ShutoutBook shutoutBook = new ShutoutBook();
  final MemoryShutouts shutouts =
      new MemoryShutouts(() -> this.now, (version, shutout) -> shutoutBook.hear(version, shutout));
  private final MemoryTicketLedger ledger = new MemoryTicketLedger();
  private final Tickets tickets;
  private final Vertx vertx;

  Api(String... settings) {
    this(new ScriptedLog(), settings);
  }

  private Api(ScriptedLog log, String... settings) {
    this(log, log, Optional.empty(), settings);
  }

  /** Over a log that keeps its contract. */
  static Api over(RoomLog log, String... settings) {
    return new Api(new ScriptedLog(), log, Optional.empty(), settings);
  }

  /** The same, with what came before. */
  static Api over(RoomLog log, Archive archive) {
    return new Api(new ScriptedLog(), log, Optional.of(archive));
  }

  private Api(
      ScriptedLog scripted, RoomLog answers, Optional<Archive> archive, String... settings) {
    log = scripted;
    GatewayConfig config = TestConfig.config(settings);
    tickets = new Tickets(config.keys());
    vertx = Vertx.builder().withTransport(ServerOptions.transport(new Connections(1_000))).build();
    var tokens = new KnownTokens(new TokenVerifier(config.keys().sharedSecret()));
    authentication = new Authentication(tokens, shutoutBook, config.anonymousRead(), () -> now);
    var routes =
        new Routes(
            config,
            authentication,
            new Sight(authentication, answers, config.policy()),
            new ClientAddress(config.trustedProxies()),
            shutoutBook,
            new Routes.Stores(
                answers,
                Cursors.OF_ONE,
                shutouts,
                presence,
                new MemoryMemberships(answers, List.of(new RoomId("lobby"))),
                new MemoryReadMarkers(answers, () -> now, published::add),
                new MemoryWhisper(() -> now, published::add),
                (answers instanceof MemoryRoomLog kept ? kept : new MemoryRoomLog()).lists(),
                new MemoryReports(() -> now),
                webhooks,
                new MemoryIncomingHooks(),
                audit,
                errands,
                archive),
            () -> answers == scripted ? SEEN : EventId.ZERO,
            new RequestLog(true, new ClientAddress(config.trustedProxies())),
            () -> now);
    router = routes.create(vertx, this::events);
    port =
        await(
                vertx
                    .createHttpServer(ServerOptions.publicListener(config))
                    .requestHandler(router)
                    .invalidRequestHandler(ServerOptions::malformed)
                    .listen())
            .actualPort();
  }

  /** {@code GET /v1/me} and all the others under {@code /v1}. */
  List<String> routes() {
    return router.getRoutes().stream()
        .filter(route -> route.getPath() != null && route.methods() != null)
        .filter(route -> route.getPath().startsWith("/v1/"))
        .flatMap(route ->
            route.methods().stream()
                .map(method -> method + " " + route.getPath().replaceAll(":([a-z_]+)", "{$1}")))
        .toList();
  }

  /** In place of a stream: {@link #POLLED}, after noting whom a ticket lets in, and where. */
  private void events(RoutingContext context) {
    HttpServerRequest request = context.request();
    Optional<String> ticket = authentication.ticket(request);
    if (ticket.isPresent()
        && EventsQuery.parse(request.query(), request.headers())
            instanceof Parsed.Good<EventsQuery>(EventsQuery query)) {
      var check = new TicketCheck(tickets, ledger, shutoutBook, () -> now);
      Answer.after(
          context,
          check.check(request, ticket.get(), query),
          access -> {
            if (access instanceof Access.Known(Caller caller)) {
              admitted = caller.id() + " to " + check.completed(ticket.get(), query).rooms();
              Answer.json(context, Answer.OK, POLLED);
            } else if (access instanceof Access.Refused(Problem problem)) {
              problem.send(context);
            }
          });
    } else {
      Answer.json(context, Answer.OK, POLLED);
    }
  }

  /** A member's token, good for the hour that it is. */
  String token() {
    return Tokens.member("u7", now);
  }

  /** What is said over it is held against the contract when it is closed. */
  FramedClient connect() {
    return new FramedClient(port, Transcript.held());
  }

  /** One request on a connection of its own; header lines end in CRLF. */
  FramedClient.Reply call(String method, String target, String headers, byte[] body) {
    try (var client = connect()) {
      client.send(
          method
              + " "
              + target
              + " HTTP/1.1\r\nHost: chat.example\r\n"
              + headers
              + (body.length == 0 ? "" : "Content-Length: " + body.length + "\r\n")
              + "\r\n");
      return client.send(body).reply();
    }
  }

  FramedClient.Reply get(String target, String headers) {
    return call("GET", target, headers, new byte[0]);
  }

  FramedClient.Reply get(String target) {
    return get(target, bearer());
  }

  FramedClient.Reply post(String target, String body) {
    return call("POST", target, bearer(), body.getBytes(UTF_8));
  }

  FramedClient.Reply say(String body) {
    return post("/v1/rooms/lobby/messages", body);
  }

  FramedClient.Reply sayWithHeader(String header, String body) {
    return call("POST", "/v1/rooms/lobby/messages", bearer() + header, body.getBytes(UTF_8));
  }

  String bearer() {
    return "Authorization: Bearer " + token() + "\r\n";
  }

  String bearer(String user) {
    return "Authorization: Bearer " + Tokens.member(user, now) + "\r\n";
  }

  /** Of the site itself. */
  String service() {
    var claims = Tokens.claims(now, Map.of("sub", "site", "role", "service"));
    return "Authorization: Bearer " + Tokens.signed(claims) + "\r\n";
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    } catch (Exception late) {
      throw new AssertionError(late);
    }
  }

  @Override
  public void close() {
    await(vertx.close());
  }
}

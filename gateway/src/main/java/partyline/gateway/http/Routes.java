package partyline.gateway.http;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.gateway.GatewayConfig;
import partyline.gateway.http.Problem.Code;
import partyline.gateway.token.GuestTokens;
import partyline.gateway.token.ShutoutBook;
import partyline.gateway.token.Tickets;
import partyline.room.Archive;
import partyline.room.ArchiveUnavailable;
import partyline.room.Audit;
import partyline.room.Errands;
import partyline.room.Horizon;
import partyline.room.LogUnavailable;
import partyline.room.Memberships;
import partyline.room.Presence;
import partyline.room.ReadMarkers;
import partyline.room.Reports;
import partyline.room.RoomLists;
import partyline.room.RoomLog;
import partyline.room.Shutouts;
import partyline.room.Whisper;
import partyline.room.chat.Commands;
import partyline.room.chat.Rules;
import partyline.room.hook.IncomingHooks;
import partyline.room.hook.Webhooks;
import partyline.room.metrics.Source;

/** The whole HTTP surface. One per node; each event loop gets a router of its own from it. */
public final class Routes {

  private static final Logger LOG = LoggerFactory.getLogger(Routes.class);

  private static final String HOOKS_IN = "/v1/hooks/in/";

  private final RequestLog requests;
  private final Writes writes = new Writes();
  private final Unavailable unavailable = new Unavailable();
  private final Cors cors;
  private final MessagesHandler messages;
  private final MessageHandler message;
  private final SearchHandler search;
  private final SnapshotHandler snapshot;
  private final PresenceHandler presence;
  private final TypingHandler typing;
  private final RoomHandler room;
  private final MembersHandler members;
  private final SanctionsHandler sanctions;
  private final DirectsHandler directs;
  private final ReadHandler read;
  private final EmitHandler emit;
  private final ReadRate reads;
  private final RoomsHandler rooms;
  private final RosterHandler roster;
  private final ReportsHandler reports;
  private final GuestsHandler guests;
  private final MeHandler me;
  private final TicketsHandler tickets;
  private final UsersHandler users;
  private final WebhooksHandler webhooks;
  private final HooksHandler hooks;
  private final AuditHandler audit;
  private final JobsHandler jobs;
  private final WebModules modules = new WebModules();
  private final WebFiles files = new WebFiles();

  /** What is kept in common by all nodes, and asked here. */
  public record Stores(
      RoomLog log,
      Shutouts shutouts,
      Presence presence,
      Memberships memberships,
      ReadMarkers markers,
      Whisper whisper,
      RoomLists lists,
      Reports reports,
      Webhooks webhooks,
      IncomingHooks hooks,
      Audit audit,
      Errands errands,
      Optional<Archive> archive) {}

  /**
   * @param horizon how far this node knows the log
   * @param requests told of every answer
   */
  public Routes(
      GatewayConfig config,
      Authentication authentication,
      Sight sight,
      ClientAddress addresses,
      ShutoutBook shutoutBook,
      Stores stores,
      Horizon horizon,
      RequestLog requests,
      InstantSource clock) {
    this.requests = requests;
    Optional<GuestTokens> guestTokens =
        config.guests()
            ? Optional.of(new GuestTokens(config.keys().sharedSecret()))
            : Optional.empty();
    RoomLog log = stores.log();
    cors = new Cors(config.origins());
    var commands = new Commands(log, new Rules(config.policy()), horizon);
    var orders = new Orders(authentication, commands, writes);
    var history = new WholeHistory(log, stores.archive());
    messages = new MessagesHandler(orders, sight, history);
    message = new MessageHandler(orders, sight, log, history);
    search = new SearchHandler(authentication, sight, stores.memberships(), stores.archive());
    snapshot = new SnapshotHandler(sight, log, history, stores.presence());
    presence = new PresenceHandler(sight, stores.presence());
    typing = new TypingHandler(orders, sight, stores.presence());
    read = new ReadHandler(orders, sight, stores.markers());
    emit = new EmitHandler(orders, sight, stores.whisper(), config.policy());
    reads = new ReadRate(authentication, addresses, clock);
    rooms =
        new RoomsHandler(
            new MyRoomsHandler(authentication, sight, log, stores.memberships()),
            new OpenRoomsHandler(authentication, sight, log, stores.lists()));
    roster = new RosterHandler(orders, sight, stores.lists());
    reports = new ReportsHandler(orders, sight, log, stores.reports());
    room = new RoomHandler(orders, sight, log);
    members = new MembersHandler(orders);
    sanctions = new SanctionsHandler(orders);
    directs = new DirectsHandler(authentication, orders);
    guests =
        new GuestsHandler(
            authentication, guestTokens, addresses, new GuestRate(), shutoutBook, clock);
    me = new MeHandler(authentication);
    tickets = new TicketsHandler(authentication, new Tickets(config.keys()), clock);
    var backend = new Backend(authentication);
    users = new UsersHandler(backend, stores.shutouts(), guestTokens, stores.audit());
    webhooks = new WebhooksHandler(backend, stores.webhooks(), stores.audit(), clock);
    hooks = new HooksHandler(backend, orders, stores.hooks(), stores.audit(), clock);
    audit = new AuditHandler(backend, stores.audit());
    jobs = new JobsHandler(backend, stores.shutouts(), stores.errands(), stores.audit());
  }

  /** What is counted of requests, and of what they wanted written. */
  public Source numbers() {
    return listener -> {
      requests.tell(listener);
      writes.tell(listener);
    };
  }

  /**
   * @param events serves {@code GET /v1/events}
   */
  public Router create(Vertx vertx, Handler<RoutingContext> events) {
    Router router = Router.router(vertx);
    router.route().handler(new RequestId());
    router.route().handler(requests);
    router.route().handler(cors);

    // First: routes are tried one by one, and streams come by the ten thousand.
    router.get("/v1/events").handler(events);
    router.route("/v1/events").handler(only("GET"));

    router.route("/v1/rooms*").handler(reads);
    router.get("/v1/rooms").handler(rooms::get);
    router.route("/v1/rooms").handler(only("GET"));

    router.post("/v1/rooms/:room/messages").handler(messages::post);
    router.get("/v1/rooms/:room/messages").handler(messages::history);
    router.route("/v1/rooms/:room/messages").handler(only("GET, POST"));

    router.get("/v1/rooms/:room/messages/:id").handler(message::get);
    router.patch("/v1/rooms/:room/messages/:id").handler(message::edit);
    router.delete("/v1/rooms/:room/messages/:id").handler(message::delete);
    router.route("/v1/rooms/:room/messages/:id").handler(only("DELETE, GET, PATCH"));

    router.put("/v1/rooms/:room/messages/:id/reactions/:emoji").handler(message::react);
    router.delete("/v1/rooms/:room/messages/:id/reactions/:emoji").handler(message::unreact);
    router.route("/v1/rooms/:room/messages/:id/reactions/:emoji").handler(only("DELETE, PUT"));

    router.put("/v1/rooms/:room/messages/:id/pin").handler(message::pin);
    router.delete("/v1/rooms/:room/messages/:id/pin").handler(message::unpin);
    router.route("/v1/rooms/:room/messages/:id/pin").handler(only("DELETE, PUT"));

    router.post("/v1/rooms/:room/messages/:id/reports").handler(reports::post);
    router.route("/v1/rooms/:room/messages/:id/reports").handler(only("POST"));
    router.get("/v1/rooms/:room/reports").handler(reports::get);
    router.route("/v1/rooms/:room/reports").handler(only("GET"));
    router.patch("/v1/rooms/:room/reports/:report").handler(reports::patch);
    router.route("/v1/rooms/:room/reports/:report").handler(only("PATCH"));

    router.get("/v1/rooms/:room").handler(room::get);
    router.put("/v1/rooms/:room").handler(room::put);
    router.patch("/v1/rooms/:room").handler(room::patch);
    router.delete("/v1/rooms/:room").handler(room::delete);
    router.route("/v1/rooms/:room").handler(only("DELETE, GET, PATCH, PUT"));

    router.get("/v1/rooms/:room/members").handler(roster::members);
    router.route("/v1/rooms/:room/members").handler(only("GET"));
    router.put("/v1/rooms/:room/members/:user").handler(members::put);
    router.delete("/v1/rooms/:room/members/:user").handler(members::delete);
    router.route("/v1/rooms/:room/members/:user").handler(only("DELETE, PUT"));

    router.get("/v1/rooms/:room/bans").handler(roster::bans);
    router.route("/v1/rooms/:room/bans").handler(only("GET"));
    router.put("/v1/rooms/:room/bans/:user").handler(sanctions::ban);
    router.delete("/v1/rooms/:room/bans/:user").handler(sanctions::unban);
    router.route("/v1/rooms/:room/bans/:user").handler(only("DELETE, PUT"));

    router.get("/v1/rooms/:room/mutes").handler(roster::mutes);
    router.route("/v1/rooms/:room/mutes").handler(only("GET"));
    router.put("/v1/rooms/:room/mutes/:user").handler(sanctions::mute);
    router.delete("/v1/rooms/:room/mutes/:user").handler(sanctions::unmute);
    router.route("/v1/rooms/:room/mutes/:user").handler(only("DELETE, PUT"));

    router.route("/v1/search").handler(reads);
    router.get("/v1/search").handler(search::get);
    router.route("/v1/search").handler(only("GET"));

    router.post("/v1/directs").handler(directs::post);
    router.route("/v1/directs").handler(only("POST"));

    router.get("/v1/rooms/:room/snapshot").handler(snapshot::get);
    router.route("/v1/rooms/:room/snapshot").handler(only("GET"));

    router.get("/v1/rooms/:room/presence").handler(presence::get);
    router.route("/v1/rooms/:room/presence").handler(only("GET"));

    router.post("/v1/rooms/:room/typing").handler(typing::post);
    router.route("/v1/rooms/:room/typing").handler(only("POST"));

    router.put("/v1/rooms/:room/read").handler(read::put);
    router.route("/v1/rooms/:room/read").handler(only("PUT"));

    router.post("/v1/rooms/:room/events").handler(emit::post);
    router.route("/v1/rooms/:room/events").handler(only("POST"));

    router.post("/v1/guests").handler(guests::post);
    router.route("/v1/guests").handler(only("POST"));

    router.get("/v1/me").handler(me::get);
    router.patch("/v1/me").handler(guests::rename);
    router.route("/v1/me").handler(only("GET, PATCH"));

    router.post("/v1/tickets").handler(tickets::post);
    router.route("/v1/tickets").handler(only("POST"));

    router.delete("/v1/users/:user").handler(jobs::erase);
    router.route("/v1/users/:user").handler(only("DELETE"));
    router.post("/v1/users/:user/export").handler(jobs::export);
    router.route("/v1/users/:user/export").handler(only("POST"));
    router.get("/v1/jobs/:job").handler(jobs::get);
    router.route("/v1/jobs/:job").handler(only("GET"));
    router.get("/v1/jobs/:job/result").handler(jobs::result);
    router.route("/v1/jobs/:job/result").handler(only("GET"));

    router.delete("/v1/users/:user/sessions").handler(users::revoke);
    router.route("/v1/users/:user/sessions").handler(only("DELETE"));
    router.put("/v1/users/:user/ban").handler(users::ban);
    router.delete("/v1/users/:user/ban").handler(users::unban);
    router.route("/v1/users/:user/ban").handler(only("DELETE, PUT"));

    router.get("/v1/webhooks").handler(webhooks::list);
    router.route("/v1/webhooks").handler(only("GET"));
    router.put("/v1/webhooks/:webhook").handler(webhooks::put);
    router.get("/v1/webhooks/:webhook").handler(webhooks::get);
    router.delete("/v1/webhooks/:webhook").handler(webhooks::delete);
    router.route("/v1/webhooks/:webhook").handler(only("DELETE, GET, PUT"));
    router.post("/v1/webhooks/:webhook/test").handler(webhooks::test);
    router.route("/v1/webhooks/:webhook/test").handler(only("POST"));
    router.get("/v1/webhooks/:webhook/deliveries").handler(webhooks::deliveries);
    router.route("/v1/webhooks/:webhook/deliveries").handler(only("GET"));
    router.post("/v1/webhooks/:webhook/deliveries/:delivery/replay").handler(webhooks::replay);
    router.route("/v1/webhooks/:webhook/deliveries/:delivery/replay").handler(only("POST"));

    router.put("/v1/hooks/:hook").handler(hooks::put);
    router.get("/v1/hooks/:hook").handler(hooks::get);
    router.delete("/v1/hooks/:hook").handler(hooks::delete);
    router.route("/v1/hooks/:hook").handler(only("DELETE, GET, PUT"));
    router.post(HOOKS_IN + ":token").handler(hooks::post);
    router.route(HOOKS_IN + ":token").handler(only("POST"));

    router.get("/v1/audit").handler(audit::get);
    router.route("/v1/audit").handler(only("GET"));

    router.get("/v1/partyline.js").handler(modules::sdk);
    router.route("/v1/partyline.js").handler(only("GET"));
    router.get("/v1/partyline-chat.js").handler(modules::chat);
    router.route("/v1/partyline-chat.js").handler(only("GET"));

    router.get().method(HttpMethod.HEAD).handler(files);
    router.route().handler(context -> Problem.of(Code.NOT_FOUND).send(context));

    router.errorHandler(400, Routes::malformed);
    router.errorHandler(404, context -> Problem.of(Code.NOT_FOUND).send(context));
    router.errorHandler(500, this::failed);
    return router;
  }

  /** What is left of a path whose methods were all told above. */
  private static Handler<RoutingContext> only(String methods) {
    return context -> {
      context.response().putHeader(HttpHeaders.ALLOW, methods + ", OPTIONS");
      if (context.request().method().equals(HttpMethod.OPTIONS)) {
        context.response().setStatusCode(204).end();
      } else {
        Problem.of(Code.METHOD_NOT_ALLOWED).send(context);
      }
    };
  }

  /** A path with a broken percent escape, or no header Host. */
  private static void malformed(RoutingContext context) {
    Problem.invalid("request", "has a broken path, or no Host").send(context);
  }

  /** The path, without what in one of them is as good as a password. */
  static String loggable(HttpServerRequest request) {
    return request.path().startsWith(HOOKS_IN) ? HOOKS_IN : request.path();
  }

  private void failed(RoutingContext context) {
    if (context.failure() instanceof LogUnavailable failure) {
      unavailable.answer(context, failure);
      return;
    }
    if (context.failure() instanceof ArchiveUnavailable) {
      Problem.of(Code.ARCHIVE_UNAVAILABLE).send(context);
      return;
    }
    if (!context.response().closed()) {
      LOG.error(
          "request {} failed: {} {}",
          RequestId.of(context.response()),
          context.request().method(),
          loggable(context.request()),
          context.failure());
    }
    Problem.of(Code.INTERNAL_ERROR).send(context);
  }
}

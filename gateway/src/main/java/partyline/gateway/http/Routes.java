package partyline.gateway.http;

import static partyline.gateway.http.Paths.delete;
import static partyline.gateway.http.Paths.get;
import static partyline.gateway.http.Paths.patch;
import static partyline.gateway.http.Paths.post;
import static partyline.gateway.http.Paths.put;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
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
import partyline.gateway.token.KeptOut;
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
      Cursors cursors,
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
      KeptOut shutoutBook,
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
    snapshot = new SnapshotHandler(sight, log, history, stores.cursors(), stores.presence());
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
    users =
        new UsersHandler(backend, stores.shutouts(), guestTokens, stores.errands(), stores.audit());
    webhooks =
        new WebhooksHandler(
            backend, stores.webhooks(), config.webhookHttp(), stores.audit(), clock);
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

    var paths = new Paths(router);
    // First: routes are tried one by one, and streams come by the ten thousand.
    paths.at("/v1/events", get(events));
    router.route("/v1/rooms*").handler(reads);
    router.route("/v1/search").handler(reads);
    ofMessages(paths);
    ofRooms(paths);
    ofWhoeverAsks(paths);
    ofTheSite(paths);
    paths.at("/v1/partyline.js", get(modules::sdk));
    paths.at("/v1/partyline-chat.js", get(modules::chat));

    router.get().method(HttpMethod.HEAD).handler(files);
    router.route().handler(context -> Problem.of(Code.NOT_FOUND).send(context));

    router.errorHandler(400, Routes::malformed);
    router.errorHandler(404, context -> Problem.of(Code.NOT_FOUND).send(context));
    router.errorHandler(500, this::failed);
    return router;
  }

  private void ofMessages(Paths paths) {
    paths.at("/v1/rooms/:room/messages", post(messages::post), get(messages::history));
    paths.at(
        "/v1/rooms/:room/messages/:id",
        get(message::get),
        patch(message::edit),
        delete(message::delete));
    paths.at(
        "/v1/rooms/:room/messages/:id/reactions/:emoji",
        put(message::react),
        delete(message::unreact));
    paths.at("/v1/rooms/:room/messages/:id/pin", put(message::pin), delete(message::unpin));
    paths.at("/v1/rooms/:room/messages/:id/reports", post(reports::post));
    paths.at("/v1/rooms/:room/reports", get(reports::get));
    paths.at("/v1/rooms/:room/reports/:report", patch(reports::patch));
  }

  private void ofRooms(Paths paths) {
    paths.at("/v1/rooms", get(rooms::get));
    paths.at(
        "/v1/rooms/:room",
        get(room::get),
        put(room::put),
        patch(room::patch),
        delete(room::delete));
    paths.at("/v1/rooms/:room/members", get(roster::members));
    paths.at("/v1/rooms/:room/members/:user", put(members::put), delete(members::delete));
    paths.at("/v1/rooms/:room/bans", get(roster::bans));
    paths.at("/v1/rooms/:room/bans/:user", put(sanctions::ban), delete(sanctions::unban));
    paths.at("/v1/rooms/:room/mutes", get(roster::mutes));
    paths.at("/v1/rooms/:room/mutes/:user", put(sanctions::mute), delete(sanctions::unmute));
    paths.at("/v1/rooms/:room/snapshot", get(snapshot::get));
    paths.at("/v1/rooms/:room/presence", get(presence::get));
    paths.at("/v1/rooms/:room/typing", post(typing::post));
    paths.at("/v1/rooms/:room/read", put(read::put));
    paths.at("/v1/rooms/:room/events", post(emit::post));
  }

  private void ofWhoeverAsks(Paths paths) {
    paths.at("/v1/search", get(search::get));
    paths.at("/v1/directs", post(directs::post));
    paths.at("/v1/guests", post(guests::post));
    paths.at("/v1/me", get(me::get), patch(guests::rename));
    paths.at("/v1/tickets", post(tickets::post));
  }

  /** For the site's own backend, and for programs that it gave an address. */
  private void ofTheSite(Paths paths) {
    paths.at("/v1/users/:user", delete(jobs::erase));
    paths.at("/v1/users/:user/export", post(jobs::export));
    paths.at("/v1/jobs/:job", get(jobs::get));
    paths.at("/v1/jobs/:job/result", get(jobs::result));
    paths.at("/v1/users/:user/sessions", delete(users::revoke));
    paths.at("/v1/users/:user/ban", put(users::ban), delete(users::unban));
    paths.at("/v1/webhooks", get(webhooks::list));
    paths.at(
        "/v1/webhooks/:webhook", put(webhooks::put), get(webhooks::get), delete(webhooks::delete));
    paths.at("/v1/webhooks/:webhook/test", post(webhooks::test));
    paths.at("/v1/webhooks/:webhook/deliveries", get(webhooks::deliveries));
    paths.at("/v1/webhooks/:webhook/deliveries/:delivery/replay", post(webhooks::replay));
    paths.at("/v1/hooks/:hook", put(hooks::put), get(hooks::get), delete(hooks::delete));
    paths.at(HOOKS_IN + ":token", post(hooks::post));
    paths.at("/v1/audit", get(audit::get));
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

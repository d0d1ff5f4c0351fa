package partyline.gateway.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.gateway.http.Problem.Code;
import partyline.room.Limits;
import partyline.room.NodeReports;
import partyline.room.Settings.Secret;
import partyline.room.metrics.Report;

/**
 * {@code /ops}: the whole cluster on one page, from what each node says of itself. Redis is asked
 * every two seconds while somebody looks, once for all who look, and never else.
 *
 * <p>Owned by the loop of the listener that it is served on.
 */
public final class OpsPage {

  private static final Logger LOG = LoggerFactory.getLogger(OpsPage.class);
  private static final String BEARER = "Bearer ";

  private final NodeReports reports;
  private final Optional<Secret> token;
  private final String bounds = Report.bounds().toString();
  private final WebFiles files = new WebFiles("ops/");
  private final Set<HttpServerResponse> viewers = new LinkedHashSet<>();
  private boolean asking;

  /**
   * @param token what has to be said to make a node leave; empty if nobody can
   */
  public OpsPage(NodeReports reports, Optional<Secret> token) {
    this.reports = reports;
    this.token = token;
  }

  void serve(Router router, Vertx vertx) {
    router.get("/ops").handler(context -> files.send(context, "/ops.html"));
    router.get("/ops/events").handler(context -> look(context, vertx));
    router.post("/ops/nodes/:node/drain").handler(this::drain);
    router
        .get("/ops/*")
        .handler(
            context -> files.send(context, context.request().path().substring("/ops".length())));
    vertx.setPeriodic(Limits.REPORT_EVERY.toMillis(), tick -> ask(vertx));
  }

  private void look(RoutingContext context, Vertx vertx) {
    HttpServerResponse response = context.response();
    if (viewers.size() >= Limits.OPS_VIEWERS) {
      Problem.of(Code.OVERLOADED).send(context);
      return;
    }
    response
        .setChunked(true)
        .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream; charset=utf-8")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .putHeader("X-Accel-Buffering", "no");
    response.closeHandler(closed -> viewers.remove(response));
    write(response, "retry: 2000\n\n");
    viewers.add(response);
    ask(vertx);
  }

  /** One question at a time is enough, and the command's own timeout bounds it. */
  private void ask(Vertx vertx) {
    if (viewers.isEmpty() || asking) {
      return;
    }
    asking = true;
    var ours = vertx.getOrCreateContext();
    var _ =
        reports
            .all()
            .whenComplete((said, failure) ->
                ours.runOnContext(back -> {
                  asking = false;
                  tell(said == null ? List.of() : said, failure == null);
                }));
  }

  private void tell(List<String> said, boolean reachesRedis) {
    String event =
        "data: {\"redis\":"
            + reachesRedis
            + ",\"drains\":"
            + token.isPresent()
            + ",\"bounds\":"
            + bounds
            + ",\"nodes\":["
            + String.join(",", said)
            + "]}\n\n";
    for (HttpServerResponse viewer : List.copyOf(viewers)) {
      if (!viewer.writeQueueFull()) {
        write(viewer, event);
      }
    }
  }

  private void write(HttpServerResponse viewer, String text) {
    var _ = viewer.write(text).onFailure(gone -> viewers.remove(viewer));
  }

  private void drain(RoutingContext context) {
    String node = context.pathParam("node");
    if (token.isEmpty()) {
      Problem.of(Code.FORBIDDEN)
          .because("Nodes can be drained from here once PARTYLINE_OPS_TOKEN is set.")
          .send(context);
    } else if (!isSaid(context, token.get())) {
      Problem.of(Code.UNAUTHENTICATED).send(context);
    } else {
      LOG.info("{} is asked to leave by {}", node, context.request().remoteAddress());
      Answer.after(context, reports.askToLeave(node), asked -> Answer.nothing(context));
    }
  }

  /** Compared in a time that does not tell how much of it was right. */
  private static boolean isSaid(RoutingContext context, Secret expected) {
    String header = context.request().getHeader(HttpHeaders.AUTHORIZATION);
    return header != null
        && header.startsWith(BEARER)
        && MessageDigest.isEqual(
            header.substring(BEARER.length()).getBytes(StandardCharsets.UTF_8), expected.bytes());
  }
}

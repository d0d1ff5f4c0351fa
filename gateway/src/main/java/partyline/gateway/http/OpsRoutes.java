package partyline.gateway.http;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import partyline.gateway.http.Problem.Code;
import partyline.room.Json;
import partyline.room.metrics.Meters;

/**
 * What an orchestrator asks, on a listener that is never public.
 *
 * <p>{@code /live} says that the event loops turn, and nothing about Redis: restarting a node does
 * not mend Redis, it only drops the node's streams. {@code /ready} is the {@link Readiness}' word.
 * {@code /metrics} is what {@link Meters} tell.
 */
public final class OpsRoutes {

  /** Below the usual second or more that probes wait. */
  private static final Duration LOOP_ANSWERS_WITHIN = Duration.ofMillis(900);

  private final Readiness readiness;
  private final Meters meters;
  private final OpsPage page;
  private final List<Loop> loops;
  private final Duration loopAnswersWithin;

  /**
   * @param loops one context of each event loop that serves clients
   */
  public OpsRoutes(Readiness readiness, Meters meters, OpsPage page, List<Context> loops) {
    this(readiness, meters, page, loops, LOOP_ANSWERS_WITHIN);
  }

  OpsRoutes(
      Readiness readiness,
      Meters meters,
      OpsPage page,
      List<Context> loops,
      Duration loopAnswersWithin) {
    this.page = page;
    this.readiness = readiness;
    this.meters = meters;
    this.loops = loops.stream().map(Loop::new).toList();
    this.loopAnswersWithin = loopAnswersWithin;
  }

  public Router create(Vertx vertx) {
    Router router = Router.router(vertx);
    router.route().handler(new RequestId());
    router.get("/live").handler(context -> live(vertx, context));
    router.get("/ready").handler(this::ready);
    router.get("/metrics").handler(context -> metrics(vertx, context));
    page.serve(router, vertx);
    router.route().handler(context -> Problem.of(Code.NOT_FOUND).send(context));
    return router;
  }

  private void live(Vertx vertx, RoutingContext context) {
    Context ours = vertx.getOrCreateContext();
    List<Future<Void>> asked = loops.stream().map(Loop::ask).toList();
    Future.join(asked)
        .timeout(loopAnswersWithin.toMillis(), TimeUnit.MILLISECONDS)
        .onComplete(ignored ->
            ours.runOnContext(back -> {
              List<Integer> silent =
                  IntStream.range(0, asked.size())
                      .filter(loop -> !asked.get(loop).isComplete())
                      .boxed()
                      .toList();
              answer(
                  context,
                  silent.isEmpty(),
                  silent.isEmpty()
                      ? loops.size() + " event loops answer"
                      : "event loops "
                          + silent
                          + " did not answer within "
                          + loopAnswersWithin.toMillis()
                          + " ms");
            }));
  }

  private void ready(RoutingContext context) {
    boolean ready = readiness.ready();
    answer(context, ready, ready ? "ready" : readiness.reason());
  }

  /** Not on the loop: to put a thousand lines into words takes longer than a delivery may wait. */
  private void metrics(Vertx vertx, RoutingContext context) {
    Answer.after(
        context,
        vertx.executeBlocking(meters::scrape, false),
        text -> Answer.text(context, Meters.CONTENT_TYPE, text));
  }

  private static void answer(RoutingContext context, boolean well, String reason) {
    Answer.json(
        context,
        well ? Answer.OK : Answer.NOT_NOW,
        Json.line(Json.MAPPER.createObjectNode().put("ok", well).put("reason", reason)));
  }

  /** A loop that has not answered yet is not asked again: probes must not fill its queue. */
  private static final class Loop {

    private final Context context;
    private Future<Void> answer = Future.succeededFuture();

    Loop(Context context) {
      this.context = context;
    }

    synchronized Future<Void> ask() {
      if (answer.isComplete()) {
        Promise<Void> question = Promise.promise();
        context.runOnContext(turns -> question.complete());
        answer = question.future();
      }
      return answer;
    }
  }
}

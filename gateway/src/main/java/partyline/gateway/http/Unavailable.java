package partyline.gateway.http;

import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.gateway.http.Problem.Code;
import partyline.room.LogUnavailable;

/**
 * Answers a request for which Redis did not do its part, and says in the log which one that was and
 * what Redis said: the id in somebody's problem leads to the cause. While Redis is away that is
 * everybody, so there are only so many lines a second, and the next one says how many it stands
 * for. Thread-safe.
 */
final class Unavailable {

  private static final Logger LOG = LoggerFactory.getLogger(Unavailable.class);
  private static final int LINES_PER_SECOND = 10;

  private final AtomicLong second = new AtomicLong();
  private final AtomicLong lines = new AtomicLong();
  private final AtomicLong unsaid = new AtomicLong();

  void answer(RoutingContext context, LogUnavailable failure) {
    if (mayBeSaid()) {
      LOG.atWarn()
          .addKeyValue("request", RequestId.of(context.response()))
          .addKeyValue("unsaid", unsaid.getAndSet(0))
          .log(
              "{} {}: {}",
              context.request().method(),
              Routes.loggable(context.request()),
              failure.getMessage());
    } else {
      unsaid.incrementAndGet();
    }
    Problem.of(Code.UNAVAILABLE).send(context);
  }

  private boolean mayBeSaid() {
    long now = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime());
    if (second.getAndSet(now) != now) {
      lines.set(0);
    }
    return lines.incrementAndGet() <= LINES_PER_SECOND;
  }
}

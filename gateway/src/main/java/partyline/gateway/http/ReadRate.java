package partyline.gateway.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import partyline.gateway.http.Problem.Code;
import partyline.room.Limits;

/**
 * How much one person reads of rooms on this node: nobody takes more of Redis than their share. Who
 * reads anonymously counts with all who come from the same household. The site itself is trusted to
 * know what it does.
 *
 * <p>Thread-safe. The table is bounded; when it is full, who asked longest ago is forgotten.
 */
final class ReadRate implements Handler<RoutingContext> {

  private static final long MICROS = 1_000_000;

  private final Authentication authentication;
  private final ClientAddress addresses;
  private final InstantSource clock;

  /** When each one's bucket is full again, in epoch microseconds. */
  private final Map<Object, Long> full =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Long> eldest) {
          return size() > Limits.READ_RATE_READERS;
        }
      };

  ReadRate(Authentication authentication, ClientAddress addresses, InstantSource clock) {
    this.authentication = authentication;
    this.addresses = addresses;
    this.clock = clock;
  }

  @Override
  public void handle(RoutingContext context) {
    if (!context.request().method().equals(HttpMethod.GET)) {
      context.next();
      return;
    }
    switch (authentication.reader(context.request())) {
      case Access.Known known when known.caller().isService() -> context.next();
      case Access.Known known ->
          take(context, known.caller().id(), Limits.READS_PER_SECOND, Limits.READS_BURST);
      case Access.Anonymous _ ->
          take(
              context,
              GuestRate.household(addresses.of(context.request())),
              Limits.ANONYMOUS_READS_PER_SECOND,
              Limits.ANONYMOUS_READS_BURST);
      case Access.Refused _ -> context.next();
    }
  }

  private void take(RoutingContext context, Object reader, int perSecond, int burst) {
    long waitMicros = take(reader, clock.millis() * 1_000, MICROS / perSecond, burst);
    if (waitMicros <= 0) {
      context.next();
      return;
    }
    Refusals.limited(context, Code.RATE_LIMITED, burst, Math.toIntExact(1 + waitMicros / MICROS));
  }

  /** Counts one: not positive = welcome, else how long to wait. */
  private synchronized long take(Object reader, long now, long every, int burst) {
    long begun = Math.min(Math.max(full.getOrDefault(reader, now), now), now + every * burst);
    long wait = begun + every - every * burst - now;
    if (wait <= 0) {
      full.put(reader, begun + every);
    }
    return wait;
  }
}

package partyline.gateway;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import partyline.gateway.connection.Bursts;
import partyline.gateway.connection.StreamSettings;
import partyline.gateway.http.EventsHandler;
import partyline.gateway.http.Routes;
import partyline.gateway.http.ServerOptions;
import partyline.gateway.hub.Hubs;
import partyline.gateway.loop.Loop;
import partyline.gateway.loop.LoopNumbers;
import partyline.gateway.loop.VertxLoop;
import partyline.gateway.loop.Wheel;
import partyline.room.LogClock;

/** One event loop that serves clients: hubs of its own behind a share of the listener. */
final class Front extends VerticleBase {

  private static final int LATENESS_EVERY_MILLIS = 100;

  /** What all fronts of a node share. */
  record Shared(
      Function<Loop, Hubs> hubs,
      StreamSettings streams,
      Routes routes,
      HttpServerOptions options,
      Drain drain,
      LogClock logClock) {}

  /** Makes the events handler of one loop. */
  interface Events {
    EventsHandler on(EventsHandler.Listening listening);
  }

  private final Shared shared;
  private final Events events;
  private final Consumer<Front> started;
  private volatile @Nullable LoopNumbers numbers;
  private volatile @Nullable Hubs hubs;
  private volatile int port;

  Front(Shared shared, Events events, Consumer<Front> started) {
    this.shared = shared;
    this.events = events;
    this.started = started;
  }

  @Override
  public Future<?> start() {
    var loop = new VertxLoop(vertx, context, shared.logClock());
    numbers = loop.numbers();
    watchLateness(loop, System.nanoTime());
    Hubs ours = shared.hubs().apply(loop);
    ours.start();
    hubs = ours;
    var listening =
        new EventsHandler.Listening(
            loop, new Wheel(loop), new Bursts(loop), ours, shared.streams());
    Router router = shared.routes().create(vertx, events.on(listening));
    started.accept(this);
    return vertx
        .createHttpServer(shared.options())
        .requestHandler(request -> serve(request, router))
        .invalidRequestHandler(ServerOptions::malformed)
        .listen()
        .onSuccess(server -> port = server.actualPort());
  }

  /** One more look at how late the loop comes to what is due. */
  private void watchLateness(VertxLoop loop, long nowNanos) {
    long dueNanos = nowNanos + TimeUnit.MILLISECONDS.toNanos(LATENESS_EVERY_MILLIS);
    loop.after(
        LATENESS_EVERY_MILLIS,
        () -> {
          long now = System.nanoTime();
          loop.numbers().late(now - dueNanos);
          watchLateness(loop, now);
        });
  }

  /** A client of a node that drains should not come back to it over the same connection. */
  private void serve(HttpServerRequest request, Router router) {
    if (shared.drain().isDraining()) {
      if (request.version() == HttpVersion.HTTP_2) {
        request.connection().shutdown(1, TimeUnit.MINUTES);
      } else {
        request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
      }
    }
    router.handle(request);
  }

  /** Once started. */
  Hubs hubs() {
    return Objects.requireNonNull(hubs);
  }

  /** Once started. */
  LoopNumbers numbers() {
    return Objects.requireNonNull(numbers);
  }

  int port() {
    return port;
  }

  Context loopContext() {
    return context;
  }
}

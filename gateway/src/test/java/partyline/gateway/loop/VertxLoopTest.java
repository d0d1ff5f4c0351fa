package partyline.gateway.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What {@link VertxLoop} relies on in Netty, which says it nowhere. */
final class VertxLoopTest {

  private static final int DEADLINE_SECONDS = 60;

  /** Far more than a byte needs from one end of a local socket to the other. */
  private static final int SLICES = 100_000;

  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final Loop loop = new VertxLoop(vertx, context);

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void work_that_goes_after_others_lets_the_sockets_of_its_loop_in() throws Exception {
    var heard = new AtomicBoolean();
    var heardMeanwhile = new CompletableFuture<Boolean>();

    context.runOnContext(ignored ->
        connectedTo(heard)
            .onFailure(heardMeanwhile::completeExceptionally)
            .onSuccess(socket -> {
              socket.write("!");
              work(SLICES, heard, heardMeanwhile);
            }));

    assertThat(heardMeanwhile.get(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
  }

  /** Both ends of the socket live on the loop. */
  private Future<NetSocket> connectedTo(AtomicBoolean heard) {
    return vertx
        .createNetServer()
        .connectHandler(socket -> socket.handler(bytes -> heard.set(true)))
        .listen(0, "127.0.0.1")
        .compose(server -> vertx.createNetClient().connect(server.actualPort(), "127.0.0.1"));
  }

  private void work(int slices, AtomicBoolean heard, CompletableFuture<Boolean> heardMeanwhile) {
    if (heard.get() || slices == 0) {
      heardMeanwhile.complete(heard.get());
    } else {
      loop.afterOthers(() -> work(slices - 1, heard, heardMeanwhile));
    }
  }
}

package partyline.gateway;

import io.vertx.core.Vertx;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import partyline.gateway.feed.Doorkeeper;
import partyline.gateway.token.ShutoutBook;
import partyline.room.Limits;
import partyline.room.Shutout;
import partyline.room.Shutouts;

/**
 * Keeps the node's book of those who are shut out: by what the feed hears, by reading it at each of
 * the feed's connections, and by asking every two seconds whether it is still the newest. The last
 * holds even when a connection is silently dead that the feed still trusts.
 */
final class Doorman implements Doorkeeper {

  private static final long NOTHING_KNOWN = -1;

  private final Shutouts shutouts;
  private final ShutoutBook book;
  private final InstantSource clock;
  private final AtomicBoolean asking = new AtomicBoolean();

  Doorman(Shutouts shutouts, ShutoutBook book, InstantSource clock) {
    this.shutouts = shutouts;
    this.book = book;
    this.clock = clock;
  }

  void start(Vertx vertx) {
    vertx.setPeriodic(Limits.SHUTOUT_CHECK_EVERY.toMillis(), tick -> check());
  }

  private void check() {
    if (asking.compareAndSet(false, true)) {
      var _ = read(book.version()).whenComplete((done, failure) -> asking.set(false));
    }
  }

  @Override
  public CompletionStage<Void> learn() {
    return read(NOTHING_KNOWN);
  }

  @Override
  public void hear(long version, Shutout shutout) {
    book.hear(version, shutout);
  }

  private CompletionStage<Void> read(long known) {
    Instant oldestKept = clock.instant().minus(Limits.TOKEN_LIFE.plus(Limits.TOKEN_LEEWAY));
    return shutouts.standing(known).thenAccept(standing -> book.read(standing, oldestKept));
  }
}

package partyline.gateway.connection;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import partyline.gateway.loop.Loop;
import partyline.gateway.loop.Wheel;
import partyline.room.Limits;
import partyline.room.metrics.Metric;

/**
 * A stream of server-sent events, as the WHATWG HTML standard defines them and as its real clients
 * read them.
 */
public final class StreamConnection extends Wheel.Entry implements Connection {

  /** How long a polite client has to leave by itself after {@code bye}. */
  private static final long LEAVE_MILLIS = 1_000;

  /** Around the 2 s after which the first page that used this came back. */
  private static final int RETRY_MILLIS = 2_000;

  /**
   * What is gathered before it is written, flush or not. Only what was written can fill the socket
   * and stop a replay: so a reader that takes nothing holds about twice this, and not the whole
   * ring.
   */
  private static final int GATHERED_BYTES = 64 * 1024;

  private final Loop loop;
  private final Wheel wheel;
  private final Bursts bursts;
  private final Outlet outlet;
  private final StreamSettings settings;
  private final long endsAt;
  private final Goodbye endsAs;

  // Owned by the loop.
  private @Nullable Reader reader;

  /** What goes out next: told to others alike, or meant for this one alone, never both in one. */
  private @Nullable Burst pending;

  private boolean pendingIsOurs;
  private int handedOverBytes;
  private List<Refused> refused = List.of();
  private @Nullable Runnable whenClosed;
  private @Nullable Goodbye saidGoodbye;
  private boolean greeted;
  private boolean closed;

  /**
   * @param endsAt when it ends whatever its age, on the loop's clock; {@link Wheel#NEVER} if only
   *     age ends it
   * @param endsAs the reason it then ends for
   */
  public StreamConnection(
      Loop loop,
      Wheel wheel,
      Bursts bursts,
      Outlet outlet,
      StreamSettings settings,
      long endsAt,
      Goodbye endsAs) {
    this.loop = loop;
    this.wheel = wheel;
    this.bursts = bursts;
    this.outlet = outlet;
    this.settings = settings;
    long maxAge = around(settings.maxAgeMillis(), 0.2);
    long aged = loop.nowMillis() + maxAge;
    this.endsAt = Math.min(endsAt, aged);
    this.endsAs = endsAt <= aged ? endsAs : Goodbye.MAX_AGE;
    outlet.onWritable(this::writable);
    outlet.onClosed(this::closed);
  }

  @Override
  public void attach(Reader reader) {
    this.reader = reader;
  }

  /** Called once when it is over, whoever ended it. */
  public void whenClosed(Runnable handler) {
    whenClosed = handler;
  }

  /** Whether nothing that it is given goes out any more. */
  public boolean isOver() {
    return closed || saidGoodbye != null;
  }

  /** What {@code ready} tells of the rooms that are not on it. */
  public void without(List<Refused> rooms) {
    refused = List.copyOf(rooms);
  }

  /**
   * The first bytes of the body: they tell proxies and old browsers that a stream has begun. They
   * wait for {@link #flush}, as what follows may be there already.
   */
  public void hello(int paddingBytes, Instant now) {
    int retryMillis = (int) around(RETRY_MILLIS, 0.25);
    if (paddingBytes > 0) {
      add(SseEncoder.padding(paddingBytes));
    }
    count(Metric.CONNECTS, 1);
    count(Metric.STREAMS, 1);
    greeted = true;
    add(SseEncoder.retry(retryMillis));
    add(SseEncoder.hello(settings.node(), now, (int) (settings.heartbeatMillis() / 1_000)));
    beatLater();
  }

  @Override
  public boolean isWritable() {
    return saidGoodbye == null && !closed && outlet.isWritable();
  }

  /** An inbox has one reader: its events would make a replay that thousands share one of a kind. */
  @Override
  public void event(Frame frame) {
    nextIsOurs(frame.room().isInbox());
    pending = pending == null ? bursts.of(frame) : pending.then(frame);
    if (handedOverBytes + pending.length() >= GATHERED_BYTES) {
      flush();
    }
  }

  @Override
  public void ephemeral(Frame frame) {
    event(frame);
  }

  @Override
  public void reset(Reset reset) {
    add(SseEncoder.reset(reset));
  }

  @Override
  public void ready(Ready ready) {
    add(SseEncoder.ready(ready, refused));
    refused = List.of();
  }

  @Override
  public void flush() {
    handOver();
    if (handedOverBytes > 0) {
      // Before the flush: whatever that sets off must not find the same bytes again.
      handedOverBytes = 0;
      outlet.flush();
    }
  }

  private void handOver() {
    Burst burst = pending;
    pending = null;
    if (burst != null && !closed && saidGoodbye == null) {
      handedOverBytes += burst.length();
      outlet.write(burst);
    }
  }

  private void nextIsOurs(boolean ours) {
    if (pendingIsOurs != ours) {
      handOver();
      pendingIsOurs = ours;
    }
  }

  /** A full socket takes no goodbye: who is too slow is cut off, and resumes. */
  @Override
  public void end(Goodbye why) {
    if (closed || saidGoodbye != null) {
      return;
    }
    flush();
    saidGoodbye = why;
    loop.numbers().of(Metric.GOODBYES, why.word()).add(1);
    if (why == Goodbye.SLOW) {
      close();
    } else {
      if (why.isElsewhere()) {
        outlet.sendElsewhere();
      }
      int retryMillis = why.retryMillis(ThreadLocalRandom.current().nextDouble());
      outlet.write(bursts.of(Buffer.buffer(SseEncoder.bye(why, retryMillis))));
      outlet.flush();
      wheel.set(this, loop.nowMillis() + LEAVE_MILLIS);
    }
  }

  @Override
  public long acceptedBytes() {
    return outlet.acceptedBytes();
  }

  @Override
  protected long due(long now) {
    if (closed) {
      return Wheel.NEVER;
    }
    if (saidGoodbye != null) {
      close();
      return Wheel.NEVER;
    }
    if (now >= endsAt) {
      end(endsAs);
      return now + LEAVE_MILLIS;
    }
    if (outlet.isWritable()) {
      outlet.heartbeat();
    }
    return nextDue(now);
  }

  private void beatLater() {
    wheel.set(this, nextDue(loop.nowMillis()));
  }

  private long nextDue(long now) {
    long beat = Math.min(around(settings.heartbeatMillis(), 0.1), Limits.HEARTBEAT_MAX.toMillis());
    return Math.min(now + beat, endsAt);
  }

  private void add(String text) {
    add(Buffer.buffer(text));
  }

  private void add(Buffer bytes) {
    nextIsOurs(true);
    pending = pending == null ? bursts.of(bytes) : pending.then(bytes);
  }

  private void writable() {
    if (reader != null && saidGoodbye == null && !closed) {
      reader.drained();
    }
  }

  private void close() {
    if (saidGoodbye != Goodbye.SLOW && settings.cleanEnd()) {
      outlet.finish();
    } else {
      outlet.abort();
    }
  }

  private void closed() {
    if (!closed) {
      closed = true;
      pending = null;
      if (greeted) {
        count(Metric.STREAMS, -1);
      }
      wheel.remove(this);
      if (reader != null) {
        reader.closed();
      }
      if (whenClosed != null) {
        whenClosed.run();
      }
    }
  }

  private void count(Metric metric, long more) {
    loop.numbers().of(metric, "stream").add(more);
  }

  private static long around(long value, double share) {
    double spread = (ThreadLocalRandom.current().nextDouble() * 2 - 1) * share;
    return Math.max(1, Math.round(value * (1 + spread)));
  }
}

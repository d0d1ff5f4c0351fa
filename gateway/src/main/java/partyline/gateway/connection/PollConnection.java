package partyline.gateway.connection;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.gateway.loop.Loop;
import partyline.gateway.loop.Wheel;
import partyline.room.Cursor;
import partyline.room.EventId;
import partyline.room.Limits;
import partyline.room.metrics.Metric;

/**
 * A long poll: a stream that ends with its first burst. The cursor is the acknowledgement, so an
 * answer that gets lost loses nothing.
 */
public final class PollConnection extends Wheel.Entry implements Connection {

  private static final Logger LOG = LoggerFactory.getLogger(PollConnection.class);

  private static final int ANSWER_EVENTS = 500;
  private static final int ANSWER_BYTES = 512 * 1024;
  private static final int EPHEMERAL_BYTES = 64 * 1024;

  /** A poll that asks not to wait still needs a moment to look. */
  private static final long CATCH_UP_MILLIS = 5_000;

  /** How the events are put into the answer. */
  public enum Shape {
    /** {@code {"cursor":…,"events":[…],"reset":[…]?}}. */
    OBJECT,
    /** The bare array of events, for loops that keep the last element's id as their cursor. */
    ARRAY
  }

  /** How the request is answered: exactly one of these, once, on the loop. */
  public interface Answer {

    void events(Buffer body);

    /** The cursor is none of ours, or lies ahead of the log. */
    void cursorInvalid();

    /** It could not be told what happened after the cursor. */
    void unavailable(Goodbye why);
  }

  private final Loop loop;
  private final Wheel wheel;
  private final Shape shape;
  private final long answerBy;
  private final long giveUpBy;
  private final Answer answer;

  // Owned by the loop.
  private final List<Frame> frames = new ArrayList<>();
  private final List<Reset> resets = new ArrayList<>();
  private @Nullable Reader reader;
  private int bytes;
  private int ephemerals;
  private int ephemeralBytes;
  private boolean caughtUp;
  private boolean answered;

  /**
   * @param answerBy when it is answered even if nothing happened, on the loop's clock
   */
  public PollConnection(Loop loop, Wheel wheel, Shape shape, long answerBy, Answer answer) {
    this.loop = loop;
    this.wheel = wheel;
    this.shape = shape;
    this.answerBy = answerBy;
    this.giveUpBy = Math.max(answerBy, loop.nowMillis() + CATCH_UP_MILLIS);
    this.answer = answer;
  }

  @Override
  public void attach(Reader reader) {
    this.reader = reader;
    count(Metric.CONNECTS, 1);
    count(Metric.STREAMS, 1);
    wheel.set(this, answerBy);
  }

  @Override
  public boolean stays() {
    return false;
  }

  @Override
  public boolean isWritable() {
    return !answered && events() < ANSWER_EVENTS && bytes < ANSWER_BYTES;
  }

  @Override
  public void event(Frame frame) {
    frames.add(frame);
    bytes += frame.bytes();
  }

  /**
   * Rides along with what wakes the poll, and wakes it never. Too many push out the oldest: a
   * client that misses one notices by its version, or can do without. The bare array leaves them
   * out, because its loop takes the last element's id for its cursor.
   */
  @Override
  public void ephemeral(Frame frame) {
    if (shape == Shape.ARRAY) {
      return;
    }
    frames.add(frame);
    ephemeralBytes += frame.bytes();
    ephemerals++;
    while (ephemerals > Limits.EPHEMERALS_PER_POLL || ephemeralBytes > EPHEMERAL_BYTES) {
      dropOldestEphemeral();
    }
  }

  private void dropOldestEphemeral() {
    for (int i = 0; i < frames.size(); i++) {
      Frame frame = frames.get(i);
      if (isEphemeral(frame)) {
        frames.remove(i);
        ephemeralBytes -= frame.bytes();
        ephemerals--;
        return;
      }
    }
  }

  private static boolean isEphemeral(Frame frame) {
    return frame.id().equals(EventId.ZERO);
  }

  @Override
  public void reset(Reset reset) {
    if (reset.reason() == Reset.Reason.CURSOR) {
      finish(answer::cursorInvalid);
    } else {
      resets.add(reset);
    }
  }

  @Override
  public void ready(Ready ready) {
    caughtUp = true;
  }

  @Override
  public boolean tellsReady() {
    return false;
  }

  /**
   * The bare array can't tell of a reset, nor move its loop's cursor past it: one that is answered
   * by it comes back at once with the same cursor, for ever. So it waits for an event, whose id is
   * the cursor that ends this.
   */
  @Override
  public void flush() {
    boolean something = events() > 0 || !resets.isEmpty() && shape == Shape.OBJECT;
    boolean whole = caughtUp || !isWritable();
    if (whole && (something || loop.nowMillis() >= answerBy)) {
      finish(() -> answer.events(body()));
    }
  }

  /** Those that are worth an answer. */
  private int events() {
    return frames.size() - ephemerals;
  }

  /** A poll that must end is answered with what it has, which may be nothing. */
  @Override
  public void end(Goodbye why) {
    if (!caughtUp && !answered) {
      loop.numbers().of(Metric.GOODBYES, why.word()).add(1);
    }
    finish(caughtUp ? () -> answer.events(body()) : () -> answer.unavailable(why));
  }

  /** The client went away before its answer. */
  public void gone() {
    finish(() -> {});
  }

  /** An answer is no stream: what is left of it in the socket is nobody's concern. */
  @Override
  public long acceptedBytes() {
    return 0;
  }

  @Override
  protected long due(long now) {
    if (!caughtUp && now < giveUpBy) {
      return giveUpBy;
    }
    end(Goodbye.ERROR);
    return Wheel.NEVER;
  }

  private void finish(Runnable how) {
    if (!answered) {
      answered = true;
      wheel.remove(this);
      try {
        how.run();
      } catch (RuntimeException broken) {
        LOG.error("a poll could not be answered", broken);
      }
      if (reader != null) {
        count(Metric.STREAMS, -1);
        reader.closed();
      }
    }
  }

  private void count(Metric metric, long more) {
    loop.numbers().of(metric, "poll").add(more);
  }

  private Buffer body() {
    return shape == Shape.ARRAY ? array(Buffer.buffer(bytes + 2)) : object();
  }

  private Buffer object() {
    Cursor cursor = reader == null ? Cursor.OLDEST : reader.position();
    Buffer body = Buffer.buffer(bytes + ephemeralBytes + 64);
    body.appendString("{\"cursor\":\"" + cursor + "\",\"events\":");
    array(body);
    if (!resets.isEmpty()) {
      body.appendString(",\"reset\":[");
      for (int i = 0; i < resets.size(); i++) {
        body.appendString((i > 0 ? "," : "") + SseEncoder.resetJson(resets.get(i)));
      }
      body.appendString("]");
    }
    return body.appendString("}");
  }

  private Buffer array(Buffer body) {
    body.appendByte((byte) '[');
    for (int i = 0; i < frames.size(); i++) {
      if (i > 0) {
        body.appendByte((byte) ',');
      }
      body.appendBuffer(frames.get(i).json());
    }
    return body.appendByte((byte) ']');
  }
}

package partyline.gateway.hub;

import java.util.ArrayList;
import java.util.List;
import partyline.gateway.connection.Connection;
import partyline.gateway.connection.Frame;
import partyline.gateway.connection.Goodbye;
import partyline.gateway.connection.Ready;
import partyline.gateway.connection.Reset;
import partyline.room.Cursor;
import partyline.room.EventId;

/** A connection that keeps what it was given; the test says how much it takes. */
public final class RecordingConnection implements Connection {

  public final List<Frame> events = new ArrayList<>();
  public final List<Reset> resets = new ArrayList<>();
  public final List<Ready> readies = new ArrayList<>();

  /**
   * Everything given, in order, as words: {@code 7-0}, {@code reset 9-0}, {@code ready 9-0}, {@code
   * bye slow}, {@code event: typing}.
   */
  public final List<String> told = new ArrayList<>();

  public final List<Goodbye> goodbyes = new ArrayList<>();
  public int flushes;
  private Runnable onFlush = () -> {};
  private boolean leavesOnReset;
  private boolean stays = true;
  private Reader reader;
  private int room = Integer.MAX_VALUE;
  private long accepted;

  public static RecordingConnection that() {
    return new RecordingConnection();
  }

  private RecordingConnection() {
    this.reader = NOBODY;
  }

  @Override
  public void attach(Reader attached) {
    reader = attached;
  }

  /** What a flush does to the world besides. */
  public RecordingConnection onFlush(Runnable effect) {
    onFlush = effect;
    return this;
  }

  /** The client goes away as soon as it is reset. */
  public RecordingConnection leavesOnReset() {
    leavesOnReset = true;
    return this;
  }

  /** It is a poll. */
  public RecordingConnection polls() {
    stays = false;
    return this;
  }

  @Override
  public boolean stays() {
    return stays;
  }

  /** From now on it takes this many events, and then is full. */
  public RecordingConnection takes(int events) {
    room = events;
    return this;
  }

  /** It takes this many more and says so. */
  public void drains(int events) {
    room = events;
    accepted += 1;
    reader.drained();
  }

  /** The client goes away. */
  public void leaves() {
    reader.closed();
  }

  public EventId position() {
    return reader.position().after();
  }

  public List<String> ids() {
    return events.stream().map(frame -> frame.id().toString()).toList();
  }

  @Override
  public boolean isWritable() {
    return room > 0 && goodbyes.isEmpty();
  }

  @Override
  public void event(Frame frame) {
    room--;
    events.add(frame);
    told.add(frame.id().toString());
  }

  @Override
  public void ephemeral(Frame frame) {
    told.add(frame.sse().toString().split("\n", 2)[0]);
  }

  @Override
  public void reset(Reset reset) {
    resets.add(reset);
    told.add("reset " + reset.reason().word() + " " + reset.id());
    if (leavesOnReset) {
      leaves();
    }
  }

  @Override
  public void ready(Ready ready) {
    readies.add(ready);
    told.add("ready " + ready.id());
  }

  @Override
  public void flush() {
    flushes++;
    onFlush.run();
  }

  @Override
  public void end(Goodbye why) {
    if (goodbyes.isEmpty()) {
      goodbyes.add(why);
      told.add("bye " + why.word());
      reader.closed();
    }
  }

  @Override
  public long acceptedBytes() {
    return accepted;
  }

  private static final Reader NOBODY =
      new Reader() {
        @Override
        public void drained() {}

        @Override
        public void closed() {}

        @Override
        public Cursor position() {
          return Cursor.OLDEST;
        }
      };
}

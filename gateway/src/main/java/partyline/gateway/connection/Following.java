package partyline.gateway.connection;

import partyline.gateway.loop.Loop;

/**
 * A stream of the rooms that its user belongs to. When these change it ends as one that has lasted
 * long enough: its client is back at once, with its cursor, and gets the rooms as they are by then.
 *
 * <p>What is told goes out first, the news of the change included, so the client does not meet it
 * again when it comes back.
 */
public final class Following implements Connection {

  private final Connection stream;
  private final Loop loop;

  public Following(Connection stream, Loop loop) {
    this.stream = stream;
    this.loop = loop;
  }

  @Override
  public void event(Frame frame) {
    stream.event(frame);
    if (frame.movesRooms()) {
      // Not from within: who tells us goes on telling.
      loop.execute(() -> stream.end(Goodbye.MAX_AGE));
    }
  }

  @Override
  public void attach(Reader reader) {
    stream.attach(reader);
  }

  @Override
  public boolean stays() {
    return stream.stays();
  }

  @Override
  public boolean isWritable() {
    return stream.isWritable();
  }

  @Override
  public void ephemeral(Frame frame) {
    stream.ephemeral(frame);
  }

  @Override
  public void reset(Reset reset) {
    stream.reset(reset);
  }

  @Override
  public void ready(Ready ready) {
    stream.ready(ready);
  }

  @Override
  public void flush() {
    stream.flush();
  }

  @Override
  public void end(Goodbye why) {
    stream.end(why);
  }

  @Override
  public long acceptedBytes() {
    return stream.acceptedBytes();
  }
}

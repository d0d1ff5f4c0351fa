package partyline.gateway.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import partyline.gateway.connection.Connection;
import partyline.gateway.connection.Frame;
import partyline.gateway.connection.Goodbye;
import partyline.gateway.connection.Ready;
import partyline.gateway.connection.Reset;

/**
 * One connection of a client that judges what it is told. What is given is received with the next
 * flush, or never if the connection ends before.
 */
final class ModelLine implements Connection {

  /** Whose line it is. */
  interface Client {

    void received(Frame frame);

    void received(Reset reset);

    void received(Ready ready);

    /** It is over; nothing more is received. */
    void left();
  }

  private final Client client;
  private final List<Object> pending = new ArrayList<>();
  private @Nullable Reader reader;
  private int space = Integer.MAX_VALUE;
  private long accepted;
  private boolean ready;
  private boolean over;

  ModelLine(Client client) {
    this.client = client;
  }

  /** So many more, until it is told otherwise. */
  void takes(int frames) {
    space = frames;
  }

  void drains(int frames) {
    takes(frames);
    reader().drained();
  }

  void leave() {
    over = true;
    pending.clear();
    client.left();
    reader().closed();
  }

  /** Once nothing happens any more. */
  void judge(String name) {
    assertThat(ready).as(name + " is ready").isTrue();
    assertThat(pending).as(name + " was flushed").isEmpty();
  }

  private Reader reader() {
    if (reader == null) {
      throw new IllegalStateException("not attached");
    }
    return reader;
  }

  @Override
  public void attach(Reader attached) {
    reader = attached;
  }

  @Override
  public boolean isWritable() {
    return !over && space > 0;
  }

  @Override
  public void event(Frame frame) {
    space--;
    pending.add(frame);
  }

  @Override
  public void ephemeral(Frame frame) {
    throw new AssertionError("nobody published any");
  }

  @Override
  public void reset(Reset reset) {
    pending.add(reset);
  }

  @Override
  public void ready(Ready told) {
    assertThat(ready).as("is ready once").isFalse();
    ready = true;
    pending.add(told);
  }

  @Override
  public void flush() {
    if (over) {
      return;
    }
    var burst = List.copyOf(pending);
    pending.clear();
    for (Object given : burst) {
      accepted++;
      switch (given) {
        case Frame frame -> client.received(frame);
        case Reset reset -> client.received(reset);
        case Ready told -> client.received(told);
        default -> throw new AssertionError(given);
      }
    }
  }

  @Override
  public void end(Goodbye why) {
    if (!over) {
      flush();
      leave();
    }
  }

  @Override
  public long acceptedBytes() {
    return accepted;
  }
}

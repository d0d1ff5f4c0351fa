package partyline.gateway.connection;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import partyline.gateway.loop.Loop;

/**
 * Where a loop's bursts begin, so that those who begin with the same frame share it. Direct memory
 * is given back at the end of the turn it was needed in. Owned by the loop.
 */
public final class Bursts {

  private final Loop loop;
  private final IdentityHashMap<Frame, Burst> begun = new IdentityHashMap<>();
  private final List<Burst> toRelease = new ArrayList<>();
  private boolean turnEnds;

  public Bursts(Loop loop) {
    this.loop = loop;
  }

  Burst of(Frame frame) {
    Burst burst = begun.get(frame);
    if (burst == null) {
      burst = new Burst(this, null, frame.sse(), frame);
      begun.put(frame, burst);
      endTurnLater();
    }
    return burst;
  }

  /** Bytes meant for one connection alone. */
  Burst of(Buffer bytes) {
    return new Burst(this, null, bytes, null);
  }

  void releaseLater(Burst burst) {
    toRelease.add(burst);
    endTurnLater();
  }

  private void endTurnLater() {
    if (!turnEnds) {
      turnEnds = true;
      loop.execute(this::endTurn);
    }
  }

  private void endTurn() {
    turnEnds = false;
    begun.clear();
    toRelease.forEach(Burst::release);
    toRelease.clear();
  }
}

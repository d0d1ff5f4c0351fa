package partyline.gateway.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that go out together, shared by all connections of a loop that are told the same.
 *
 * <p>An immutable list that grows at its end. Extending one twice by the same frame gives the same
 * burst, so two connections that were told frames 7, 8 and 9 hold one object without anybody
 * comparing them, and its bytes are joined once. That is what makes a gathered round, or a herd
 * that resumes alike, cost one copy and not one a connection.
 *
 * <p>Owned by the loop of its {@link Bursts}.
 */
public final class Burst {

  /**
   * Connections whose rooms differ go on differently from the same burst. So many ways are
   * remembered, to be found without a search worth the name; with more of them all are forgotten.
   */
  private static final int EXTENSIONS = 16;

  private final Bursts bursts;
  private final @Nullable Burst before;
  private final Buffer last;
  private final int length;

  /** The frame this was extended by to what it is; null where the bytes are one connection's. */
  private final @Nullable Frame by;

  // What this was extended to lately, linked by sibling.
  private @Nullable Burst extensions;
  private int extensionCount;
  private @Nullable Burst sibling;

  private @Nullable Buffer joined;
  private @Nullable ByteBuf chunk;

  Burst(Bursts bursts, @Nullable Burst before, Buffer last, @Nullable Frame by) {
    this.bursts = bursts;
    this.before = before;
    this.by = by;
    this.last = last;
    this.length = last.length() + (before == null ? 0 : before.length);
  }

  /** This, and then a frame; the same object for the same frame. */
  Burst then(Frame frame) {
    for (Burst next = extensions; next != null; next = next.sibling) {
      if (next.by == frame) {
        return next;
      }
    }
    var next = new Burst(bursts, this, frame.sse(), frame);
    if (extensionCount == EXTENSIONS) {
      extensions = null;
      extensionCount = 0;
    }
    next.sibling = extensions;
    extensions = next;
    extensionCount++;
    return next;
  }

  /** This, and then bytes meant for one connection alone. */
  Burst then(Buffer bytes) {
    return new Burst(bursts, this, bytes, null);
  }

  /** Size in bytes. */
  int length() {
    return length;
  }

  /** The bytes on the heap, for paths that frame them themselves; read only. */
  Buffer joined() {
    if (before == null) {
      return last;
    }
    if (joined == null) {
      joined = Buffer.buffer(join());
    }
    return joined;
  }

  /**
   * The bytes as one chunk of HTTP/1.1's chunked coding (RFC 9112, 7.1) in direct memory, where the
   * socket takes them from without another copy. Valid for this turn of the loop; whoever writes it
   * retains a duplicate.
   */
  ByteBuf chunk() {
    ByteBuf direct = chunk;
    if (direct == null) {
      byte[] size = Integer.toHexString(length).getBytes(StandardCharsets.US_ASCII);
      direct = ByteBufAllocator.DEFAULT.directBuffer(size.length + length + 4);
      direct.writeBytes(size).writeByte('\r').writeByte('\n');
      direct.writeBytes(before == null ? last.getBytes() : join()).writeByte('\r').writeByte('\n');
      chunk = direct;
      bursts.releaseLater(this);
    }
    return direct;
  }

  void release() {
    if (chunk != null) {
      chunk.release();
      chunk = null;
    }
  }

  private byte[] join() {
    byte[] bytes = new byte[length];
    int end = length;
    for (Burst part = this; part != null; part = part.before) {
      end -= part.last.length();
      part.last.getBytes(bytes, end);
    }
    return bytes;
  }
}

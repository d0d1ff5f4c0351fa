package partyline.gateway.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A stream's bytes straight into the socket, for HTTP/1.1 without TLS: chunks are framed once a
 * burst and written as retained duplicates of the same direct memory.
 *
 * <p>The HTTP codec and everything that hangs on it leave the pipeline before the response head; a
 * stream needs none of it and there are thousands. What stays is this one handler, which notices
 * the close. The head is ours to write then, and leaves together with what follows it. Bytes that a
 * client sends behind its request can't be answered any more, so they end the connection.
 */
// What Netty's futures would tell of a write or close, channelInactive tells too.
@SuppressWarnings("FutureReturnValueIgnored")
final class SocketOutlet extends ChannelInboundHandlerAdapter implements Outlet {

  /** Pending bytes above which a socket is left alone, and below which it is written to again. */
  private static final WriteBufferWaterMark PENDING = new WriteBufferWaterMark(16_384, 65_536);

  private static final ByteBuf HEARTBEAT = constant("2\r\n:\n\r\n");
  private static final ByteBuf LAST_CHUNK = constant("0\r\n\r\n");

  private final Channel channel;
  private @Nullable Runnable writableHandler;
  private @Nullable Runnable closedHandler;
  private long given;
  private boolean over;
  private boolean flushing;

  SocketOutlet(Channel channel) {
    this.channel = channel;
    channel.config().setWriteBufferWaterMark(PENDING);
  }

  /** The response's head; it goes out with the first bytes of the body. */
  void head(String head) {
    write(ByteBufUtil.writeAscii(channel.alloc(), head));
  }

  @Override
  public boolean isWritable() {
    return !over && channel.isWritable();
  }

  @Override
  public void write(Burst burst) {
    write(burst.chunk().retainedDuplicate());
  }

  @Override
  public void flush() {
    if (!over) {
      flushing = true;
      channel.flush();
      flushing = false;
    }
  }

  @Override
  public void heartbeat() {
    write(HEARTBEAT.duplicate());
    flush();
  }

  private void write(ByteBuf bytes) {
    if (over) {
      bytes.release();
    } else {
      given += bytes.readableBytes();
      channel.write(bytes, channel.voidPromise());
    }
  }

  @Override
  public void onWritable(Runnable handler) {
    writableHandler = handler;
  }

  @Override
  public void onClosed(Runnable handler) {
    closedHandler = handler;
  }

  /** The connection ends with its stream. */
  @Override
  public void sendElsewhere() {}

  @Override
  public long acceptedBytes() {
    ChannelOutboundBuffer pending = channel.unsafe().outboundBuffer();
    return pending == null ? given : given - pending.totalPendingWriteBytes();
  }

  @Override
  public void finish() {
    write(LAST_CHUNK.duplicate());
    flush();
    channel.close();
  }

  @Override
  public void abort() {
    channel.close();
  }

  // --- What the socket tells -------------------------------------------------------------------

  /** What lay above the watermark and the socket takes at once changes it within the flush. */
  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (flushing) {
      context.executor().execute(this::tellWritable);
    } else {
      tellWritable();
    }
  }

  private void tellWritable() {
    if (!over && channel.isWritable() && writableHandler != null) {
      writableHandler.run();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ReferenceCountUtil.release(message);
    channel.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    over = true;
    if (closedHandler != null) {
      closedHandler.run();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    ReferenceCountUtil.release(event);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    channel.close();
  }

  private static ByteBuf constant(String text) {
    return Unpooled.unreleasableBuffer(
        Unpooled.directBuffer().writeBytes(text.getBytes(StandardCharsets.US_ASCII)).asReadOnly());
  }
}

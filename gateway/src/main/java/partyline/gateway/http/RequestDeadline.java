package partyline.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import partyline.gateway.http.Problem.Code;
import partyline.room.Limits;

/**
 * Ends connections whose requests trickle in: a head must be complete 10 s after its first byte,
 * the first one 10 s after the connection was accepted, and a body as long again after its head.
 * Between requests, and while an answer goes out, no clock of ours runs, so streams live as long as
 * they like.
 *
 * <p>Sits in front of the pipeline, where bytes are counted as they come, and keeps a lookout
 * behind the HTTP/1 decoder that tells when a head or a request is complete. Vert.x decides between
 * HTTP/1 and HTTP/2 on the first bytes and adds the decoder only then; so the first bytes are
 * handed on one by one until it stands, and nothing is decoded before the lookout is in its place.
 * HTTP/2 needs no more of this once its preface is in.
 *
 * <p>One for each connection, on its event loop.
 */
// Closing and writing are told by channelInactive and the removal of the handler.
@SuppressWarnings("FutureReturnValueIgnored")
final class RequestDeadline extends ChannelInboundHandlerAdapter {

  private enum Awaited {
    HEAD,
    BODY,
    /** Nothing: the last request is complete and no byte of another one has come. */
    NOTHING
  }

  private static final int HTTP_2_PREFACE_BYTES = 24;

  private final long headMillis;
  private final long bodyMillis;
  private Awaited awaited = Awaited.HEAD;
  private boolean isFirst = true;
  private int undecidedBytes;
  private @Nullable ScheduledFuture<?> clock;
  private @Nullable Lookout lookout;

  RequestDeadline() {
    this(Limits.HEAD_COMPLETE_WITHIN.toMillis(), 2 * Limits.BODY_COMPLETE_WITHIN.toMillis());
  }

  /**
   * @param bodyMillis longer than the handlers wait for a body: they can still say why
   */
  RequestDeadline(long headMillis, long bodyMillis) {
    this.headMillis = headMillis;
    this.bodyMillis = bodyMillis;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    await(context, Awaited.HEAD);
    context.fireChannelActive();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (lookout == null && message instanceof ByteBuf bytes) {
      begin(context, bytes);
      return;
    }
    if (context.pipeline().get(HttpRequestDecoder.class) == null) {
      // The connection was upgraded: what comes now is no HTTP/1.
      context.pipeline().remove(this);
    } else if (awaited == Awaited.NOTHING) {
      await(context, Awaited.HEAD);
    }
    context.fireChannelRead(message);
  }

  private void begin(ChannelHandlerContext context, ByteBuf bytes) {
    ChannelPipeline pipeline = context.pipeline();
    while (bytes.isReadable()) {
      ChannelHandlerContext decoder = pipeline.context(HttpRequestDecoder.class);
      if (decoder != null) {
        lookout = new Lookout(context);
        pipeline.addAfter(decoder.name(), null, lookout);
        break;
      }
      if (undecidedBytes == HTTP_2_PREFACE_BYTES) {
        pipeline.remove(this);
        break;
      }
      undecidedBytes++;
      context.fireChannelRead(bytes.readRetainedSlice(1));
    }
    if (bytes.isReadable()) {
      context.fireChannelRead(bytes);
    } else {
      bytes.release();
    }
  }

  private void await(ChannelHandlerContext context, Awaited next) {
    stopClock();
    awaited = next;
    long millis = next == Awaited.HEAD ? headMillis : bodyMillis;
    if (next != Awaited.NOTHING) {
      clock = context.executor().schedule(() -> tooLate(context), millis, TimeUnit.MILLISECONDS);
    }
  }

  private void stopClock() {
    if (clock != null) {
      clock.cancel(false);
      clock = null;
    }
  }

  /**
   * Only the first head of a connection is answered: behind a later one an earlier answer may still
   * be under way, and a body's request has a handler of its own to answer it.
   */
  private void tooLate(ChannelHandlerContext context) {
    if (isFirst && lookout != null) {
      context.writeAndFlush(answer()).addListener(ChannelFutureListener.CLOSE);
    } else {
      context.close();
    }
  }

  private static ByteBuf answer() {
    String id = RequestId.random();
    String body = Problem.of(Code.REQUEST_TIMEOUT).json(id);
    return Unpooled.copiedBuffer(
        """
        HTTP/1.1 408 Request Timeout\r
        Content-Type: application/problem+json\r
        Content-Length: %d\r
        Connection: close\r
        %s: %s\r
        \r
        %s\
        """
            .formatted(body.getBytes(StandardCharsets.UTF_8).length, RequestId.HEADER, id, body),
        StandardCharsets.UTF_8);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    stopClock();
    context.fireChannelInactive();
  }

  /** Also when a stream takes the socket over, and then the lookout goes by itself. */
  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    stopClock();
  }

  /** Sees what the decoder made of the bytes. */
  private final class Lookout extends ChannelInboundHandlerAdapter {

    private final ChannelHandlerContext front;

    Lookout(ChannelHandlerContext front) {
      this.front = front;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (message instanceof HttpRequest) {
        isFirst = false;
        await(front, Awaited.BODY);
      }
      if (message instanceof LastHttpContent) {
        await(front, Awaited.NOTHING);
      }
      context.fireChannelRead(message);
    }
  }
}

package partyline.deploy.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.FastThreadLocal;
import org.jspecify.annotations.Nullable;
import partyline.room.Json;

/** One stream, from its request to its end. Owned by its loop. */
final class StreamConversation extends SimpleChannelInboundHandler<HttpObject>
    implements EventReader.Listener {
  private static final FastThreadLocal<byte[]> SCRATCH =
      new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
          return new byte[Network.CHUNK_BYTES];
        }
      };

  private final Subscriber subscriber;
  private final LineReader lines = new LineReader();
  private final EventReader events;
  private boolean listening;

  StreamConversation(Subscriber subscriber) {
    this.subscriber = subscriber;
    this.events = new EventReader(subscriber.finder(), this);
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    subscriber.opened();
    var _ = context.writeAndFlush(subscriber.request(), context.voidPromise());
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, HttpObject object) {
    if (object instanceof HttpResponse response) {
      begin(context, response);
    }
    if (object instanceof HttpContent content) {
      if (listening && !read(content.content())) {
        subscriber.fault();
        var _ = context.close();
      }
      if (content instanceof LastHttpContent) {
        var _ = context.close();
      }
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    subscriber.closed();
  }

  /** A cut, mostly; what it means shows in the sequence. */
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    var _ = context.close();
  }

  private void begin(ChannelHandlerContext context, HttpResponse response) {
    int status = response.status().code();
    String type = response.headers().get(HttpHeaderNames.CONTENT_TYPE, "");
    if (status == 200 && type.startsWith("text/event-stream")) {
      listening = true;
      return;
    }
    subscriber.refused(status);
    PollConversation.retryAfter(response).ifPresent(subscriber::pause);
    var _ = context.close();
  }

  private boolean read(ByteBuf content) {
    byte[] scratch = SCRATCH.get();
    while (content.isReadable()) {
      int length = Math.min(content.readableBytes(), scratch.length);
      content.readBytes(scratch, 0, length);
      if (!lines.read(scratch, length, events)) {
        return false;
      }
    }
    return true;
  }

  // --- Events ------------------------------------------------------------------------------------

  @Override
  public void message(Mark mark, @Nullable String id) {
    subscriber.heard(mark, id);
  }

  @Override
  public void other(@Nullable String name, @Nullable String id, String data) {
    if (name == null) {
      return;
    }
    switch (name) {
      case "ready" -> subscriber.standsAt(id);
      case "reset" -> {
        subscriber.reset(reason(data));
        subscriber.standsAt(id);
      }
      case "bye" -> subscriber.bye(reason(data));
      default -> {}
    }
  }

  @Override
  public void retry(String millis) {
    if (millis.matches("\\d{1,9}")) {
      subscriber.pause(Long.parseLong(millis));
    }
  }

  private String reason(String data) {
    try {
      return Json.MAPPER.readTree(data).path("reason").asText("none");
    } catch (JsonProcessingException e) {
      subscriber.fault();
      return "none";
    }
  }
}

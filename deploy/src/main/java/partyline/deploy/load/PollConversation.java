package partyline.deploy.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpUtil;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import partyline.room.Json;

/** One poll after the other over one connection. Owned by its loop. */
final class PollConversation extends SimpleChannelInboundHandler<FullHttpResponse> {
  private final Subscriber subscriber;

  PollConversation(Subscriber subscriber) {
    this.subscriber = subscriber;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    subscriber.opened();
    ask(context);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpResponse answer) {
    int status = answer.status().code();
    String body = answer.content().toString(UTF_8);
    try {
      JsonNode json = Json.MAPPER.readTree(body);
      if (status == 200) {
        heard(json);
      } else {
        refused(context, answer, json);
        return;
      }
    } catch (JsonProcessingException e) {
      subscriber.fault();
      var _ = context.close();
      return;
    }
    if (HttpUtil.isKeepAlive(answer)) {
      ask(context);
    } else {
      var _ = context.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    subscriber.closed();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    var _ = context.close();
  }

  /** In milliseconds; only seconds are understood, as our gateways write them. */
  static OptionalLong retryAfter(HttpMessage answer) {
    String value = answer.headers().get(HttpHeaderNames.RETRY_AFTER, "");
    return value.matches("\\d{1,6}")
        ? OptionalLong.of(TimeUnit.SECONDS.toMillis(Long.parseLong(value)))
        : OptionalLong.empty();
  }

  private void ask(ChannelHandlerContext context) {
    var _ = context.writeAndFlush(subscriber.request(), context.voidPromise());
  }

  private void heard(JsonNode json) {
    for (JsonNode reset : json.path("reset")) {
      subscriber.reset(reset.path("reason").asText("none"));
    }
    for (JsonNode event : json.path("events")) {
      JsonNode text = event.path("data").path("message").path("data").path(Lane.DATA_FIELD);
      byte[] bytes = text.asText("").getBytes(UTF_8);
      Mark mark = subscriber.finder().find(bytes, bytes.length);
      if (mark != null) {
        subscriber.heard(mark, event.path("id").asText());
      }
    }
    subscriber.standsAt(json.path("cursor").asText());
  }

  private void refused(ChannelHandlerContext context, FullHttpResponse answer, JsonNode problem) {
    subscriber.refused(answer.status().code());
    if (problem.path("code").asText("").equals("cursor-invalid")) {
      subscriber.reset("cursor");
      subscriber.forgetCursor();
    }
    retryAfter(answer).ifPresent(subscriber::pause);
    var _ = context.close();
  }
}

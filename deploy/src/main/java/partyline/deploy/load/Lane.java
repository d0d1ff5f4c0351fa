package partyline.deploy.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Posts the messages of some rooms, one after the other, each when it is due or as soon after that
 * as the one before was answered. A message is tried again under its key until it is answered.
 *
 * <p>Owned by its loop.
 */
final class Lane {
  static final String DATA_FIELD = "load";

  private static final int ANSWER_BYTES = 256 * 1024;
  private static final long ANSWER_WITHIN_MILLIS = 5_000;
  private static final long SHORTEST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 2_000;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Publishers.Shared shared;
  private final EventLoop loop;
  private final int number;
  private final String token;

  private long message;
  private long triedSince;
  private boolean retried;
  private boolean asking;
  private int turn;
  private @Nullable Channel channel;
  private @Nullable Future<?> deadline;

  Lane(int number, Publishers.Shared shared, String token) {
    this.number = number;
    this.shared = shared;
    this.loop = shared.network().loop();
    this.token = token;
    this.message = shared.schedule().first(number);
    this.turn = number;
  }

  /** From any thread. */
  void start() {
    loop.execute(this::awaitDue);
  }

  private void awaitDue() {
    if (shared.isBeyondTheLast(message)) {
      shared.laneIsDone();
      close();
      return;
    }
    long wait = shared.startNanos() + shared.schedule().dueNanos(message) - System.nanoTime();
    if (wait > 0) {
      var _ = loop.schedule(this::awaitDue, wait, TimeUnit.NANOSECONDS);
    } else {
      begin();
    }
  }

  private void begin() {
    triedSince = System.nanoTime();
    retried = false;
    post();
  }

  private void post() {
    asking = true;
    deadline = loop.schedule(this::noAnswer, ANSWER_WITHIN_MILLIS, TimeUnit.MILLISECONDS);
    Channel open = channel;
    if (open != null && open.isActive()) {
      var _ = open.writeAndFlush(request(), open.voidPromise());
      return;
    }
    var _ =
        shared
            .network()
            .connect(loop, turn, number, new HttpObjectAggregator(ANSWER_BYTES), new Conversation())
            .addListener(connected -> {
              if (!connected.isSuccess()) {
                noAnswer();
              }
            });
  }

  private DefaultFullHttpRequest request() {
    Schedule schedule = shared.schedule();
    int room = schedule.room(message);
    var mark =
        new Mark(
            room,
            schedule.number(message),
            schedule.isTimed(message),
            shared.startMicros() + schedule.dueNanos(message) / 1_000);
    String body =
        "{\"text\":\""
            + shared.text()
            + "\",\"client_msg_id\":\""
            + shared.run()
            + "-"
            + message
            + "\",\"data\":{\""
            + DATA_FIELD
            + "\":\""
            + mark.text(shared.run())
            + "\"}}";
    var request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1,
            HttpMethod.POST,
            "/v1/rooms/" + LoadPlan.roomName(shared.run(), room) + "/messages",
            Unpooled.wrappedBuffer(body.getBytes(UTF_8)));
    request
        .headers()
        .set(HttpHeaderNames.HOST, shared.network().authority(turn))
        .set(HttpHeaderNames.ACCEPT, "application/json")
        .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
        .set(HttpHeaderNames.CONTENT_LENGTH, body.length())
        .set(HttpHeaderNames.AUTHORIZATION, "Bearer " + token);
    return request;
  }

  private void answered(FullHttpResponse answer) {
    asked();
    int status = answer.status().code();
    if (status == 200 || status == 201) {
      long due = shared.startNanos() + shared.schedule().dueNanos(message);
      shared.acked(message, System.nanoTime() - due, retried);
      next();
    } else if (status == 429 || status >= 500) {
      shared.said(status);
      again(PollConversation.retryAfter(answer).orElse(SHORTEST_PAUSE_MILLIS));
    } else {
      shared.refused(status, answer.content().toString(UTF_8));
      next();
    }
  }

  /** Cut, refused, or silent for too long: the next place gets the same message. */
  private void noAnswer() {
    if (asking) {
      asked();
      turn = shared.network().after(turn);
      close();
      shared.noAnswer();
      again(SHORTEST_PAUSE_MILLIS);
    }
  }

  private void asked() {
    asking = false;
    if (deadline != null) {
      deadline.cancel(false);
      deadline = null;
    }
  }

  private void again(long pauseMillis) {
    retried = true;
    if (System.nanoTime() - triedSince > PATIENCE_NANOS || shared.isOver()) {
      shared.gaveUp();
      next();
      return;
    }
    long pause = Math.clamp(pauseMillis, SHORTEST_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS);
    var _ = loop.schedule(this::post, pause, TimeUnit.MILLISECONDS);
  }

  private void next() {
    message = shared.schedule().next(message);
    awaitDue();
  }

  private void close() {
    Channel open = channel;
    channel = null;
    if (open != null) {
      var _ = open.close();
    }
  }

  /** One connection. What it says after the lane has left it counts for nothing. */
  private final class Conversation extends SimpleChannelInboundHandler<FullHttpResponse> {

    @Override
    public void channelActive(ChannelHandlerContext context) {
      channel = context.channel();
      if (asking) {
        var _ = context.writeAndFlush(request(), context.voidPromise());
      }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpResponse answer) {
      if (!context.channel().equals(channel) || !asking) {
        return;
      }
      if (!HttpUtil.isKeepAlive(answer)) {
        turn = shared.network().after(turn);
        close();
      }
      answered(answer);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      if (context.channel().equals(channel)) {
        channel = null;
        noAnswer();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      var _ = context.close();
    }
  }
}

package partyline.deploy.load;

import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import partyline.deploy.load.PartReport.Count;

/**
 * One listener: what it has heard of its room, and where it goes on after its connection has ended.
 * As clients should, it comes back with its last id, at the next place, after the time the server
 * asked for.
 *
 * <p>Owned by its loop.
 */
final class Subscriber {
  private static final int ANSWER_BYTES = 8 * 1024 * 1024;
  private static final int POLL_WAIT_SECONDS = 25;
  private static final long SHORTEST_PAUSE_MILLIS = 200;
  private static final long LONGEST_PAUSE_MILLIS = 5_000;

  private final int number;
  private final int room;
  private final boolean polls;
  private final Part.Shared shared;
  private final EventLoop loop;
  private final SequenceCheck check = new SequenceCheck();

  private @Nullable String cursor;
  private int turn;
  private boolean ready;
  private @Nullable Long askedPauseMillis;

  Subscriber(int number, Part.Shared shared) {
    this.number = number;
    this.room = shared.plan().roomOf(number);
    this.polls = shared.plan().transport().polls(number);
    this.shared = shared;
    this.loop = shared.network().loop();
    this.turn = number;
  }

  /** From any thread. */
  void start() {
    loop.execute(this::connect);
  }

  int room() {
    return room;
  }

  SequenceCheck check() {
    return check;
  }

  Mark.Finder finder() {
    return shared.finder();
  }

  private void connect() {
    ChannelHandler[] handlers =
        polls
            ? new ChannelHandler[] {
              new HttpObjectAggregator(ANSWER_BYTES), new PollConversation(this)
            }
            : new ChannelHandler[] {new StreamConversation(this)};
    // Its failure is heard of by the listener.
    var _ =
        shared
            .network()
            .connect(loop, turn, number, handlers)
            .addListener(connected -> {
              if (!connected.isSuccess()) {
                shared.tally().count(Count.CONNECT_FAILURES);
                comeBack();
              }
            });
  }

  private void comeBack() {
    turn = shared.network().after(turn);
    long pause = pauseMillis();
    if (!loop.isShuttingDown()) {
      var _ = loop.schedule(this::connect, pause, TimeUnit.MILLISECONDS);
    }
  }

  /** What a server asks for is each client's own already, and EventSource adds nothing to it. */
  private long pauseMillis() {
    Long asked = askedPauseMillis;
    askedPauseMillis = null;
    return asked == null
        ? SHORTEST_PAUSE_MILLIS + ThreadLocalRandom.current().nextLong(SHORTEST_PAUSE_MILLIS)
        : Math.clamp(asked, 0, LONGEST_PAUSE_MILLIS);
  }

  // --- What its conversations tell ---------------------------------------------------------------

  FullHttpRequest request() {
    String target =
        "/v1/events?rooms="
            + LoadPlan.roomName(shared.run(), room)
            + (polls ? "&wait=" + POLL_WAIT_SECONDS : "")
            + (polls && cursor != null ? "&since=" + cursor : "");
    var request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, target);
    var headers = request.headers();
    headers.set(HttpHeaderNames.HOST, shared.network().authority(turn));
    headers.set(HttpHeaderNames.ACCEPT, polls ? "application/json" : "text/event-stream");
    if (!polls && cursor != null) {
      headers.set("Last-Event-ID", cursor);
    }
    Optional<String> token = shared.badges().listener(number);
    token.ifPresent(text -> headers.set(HttpHeaderNames.AUTHORIZATION, "Bearer " + text));
    return request;
  }

  void opened() {
    shared.tally().opened();
  }

  void closed() {
    shared.tally().closed();
    if (!loop.isShuttingDown()) {
      shared.tally().count(Count.RECONNECTS);
      comeBack();
    }
  }

  void standsAt(@Nullable String id) {
    if (id != null) {
      cursor = id;
    }
    if (!ready && cursor != null) {
      ready = true;
      shared.tally().ready();
    }
  }

  void heard(Mark mark, @Nullable String id) {
    if (id != null) {
      cursor = id;
    }
    if (mark.room() != room) {
      shared.tally().count(Count.STRANGERS);
      return;
    }
    shared.tally().event();
    switch (check.heard(mark.number())) {
      case NEXT -> {}
      case AFTER_A_GAP -> shared.tally().count(Count.GAPS);
      case OUT_OF_ORDER -> shared.tally().count(Count.OUT_OF_ORDER);
      case DUPLICATE -> {
        shared.tally().count(Count.DUPLICATES);
        return;
      }
    }
    if (mark.timed()) {
      shared.tally().latency(nowMicros() - mark.dueMicros());
    }
  }

  void reset(String reason) {
    shared.tally().count(Count.RESETS);
    shared.tally().said("reset", reason);
  }

  void bye(String reason) {
    shared.tally().count(Count.BYES);
    shared.tally().said("bye", reason);
  }

  void refused(int status) {
    shared.tally().said("status", Integer.toString(status));
  }

  void fault() {
    shared.tally().count(Count.FAULTS);
  }

  void forgetCursor() {
    cursor = null;
  }

  /** What the server asks for, within our bounds; for the next time only. */
  void pause(long millis) {
    askedPauseMillis = millis;
  }

  private static long nowMicros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }
}

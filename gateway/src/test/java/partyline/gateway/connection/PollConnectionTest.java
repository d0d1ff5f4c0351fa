package partyline.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import partyline.gateway.connection.PollConnection.Shape;
import partyline.gateway.loop.ManualLoop;
import partyline.gateway.loop.Wheel;
import partyline.room.Cursor;
import partyline.room.Ephemeral;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.EventType;
import partyline.room.Limits;
import partyline.room.RoomId;

/** A parked poll, and what wakes it. */
final class PollConnectionTest {

  private static final RoomId LOBBY = new RoomId("lobby");
  private static final long WAIT_MILLIS = 25_000;

  private final ManualLoop loop = new ManualLoop();
  private final List<String> answers = new ArrayList<>();

  @Test
  void something_ephemeral_rides_along_with_an_answer_and_never_causes_one() {
    PollConnection poll = parked(Shape.OBJECT);

    poll.ephemeral(typing(1));
    poll.flush();
    assertThat(answers).isEmpty();
    poll.event(event(7));
    poll.ephemeral(typing(2));
    poll.flush();

    assertThat(answers)
        .singleElement()
        .asString()
        .matches("\\{\"cursor\":\"7-0\",\"events\":\\[.*\"by\":1.*\"id\":\"7-0\".*\"by\":2.*]}");
  }

  @Test
  void a_poll_that_nothing_wakes_brings_it_in_the_end() {
    PollConnection poll = parked(Shape.OBJECT);
    poll.ephemeral(typing(1));

    loop.pass(WAIT_MILLIS + 500);

    assertThat(answers).singleElement().asString().contains("\"type\":\"typing\"");
  }

  @Test
  void a_poll_keeps_the_newest_of_too_many_and_is_woken_all_the_same() {
    PollConnection poll = parked(Shape.OBJECT);

    for (int n = 1; n <= 1_000; n++) {
      poll.ephemeral(typing(n));
    }
    assertThat(poll.isWritable()).isTrue();
    poll.event(event(7));
    poll.flush();

    String answer = answers.getFirst();
    assertThat(answer.split("\"typing\"", -1)).hasSize(Limits.EPHEMERALS_PER_POLL + 1);
    assertThat(answer).contains("\"by\":1000").doesNotContain("\"by\":980,");
  }

  /** The loop that reads it takes the last element's id for its cursor. */
  @Test
  void the_bare_array_holds_nothing_without_an_id() {
    PollConnection poll = parked(Shape.ARRAY);

    poll.event(event(7));
    poll.ephemeral(typing(1));
    poll.flush();

    assertThat(answers).singleElement().asString().doesNotContain("typing").endsWith("}]");
  }

  private PollConnection parked(Shape shape) {
    var answer =
        new PollConnection.Answer() {
          @Override
          public void events(Buffer body) {
            answers.add(body.toString());
          }

          @Override
          public void cursorInvalid() {
            answers.add("invalid");
          }

          @Override
          public void unavailable(Goodbye why) {
            answers.add("unavailable");
          }
        };
    var poll =
        new PollConnection(loop, new Wheel(loop), shape, loop.nowMillis() + WAIT_MILLIS, answer);
    poll.attach(new Standing());
    poll.ready(new Ready(new EventId(5, 0), List.of(LOBBY), true, 0));
    return poll;
  }

  /** Whoever pulls for it stands at 7. */
  private static final class Standing implements Connection.Reader {
    @Override
    public void drained() {}

    @Override
    public void closed() {}

    @Override
    public Cursor position() {
      return new Cursor(new EventId(7, 0));
    }
  }

  private static Frame typing(int by) {
    return Frame.of(
        new Ephemeral(
            LOBBY, EventType.TYPING, Instant.EPOCH, Optional.of(Integer.toString(by)), "{}"));
  }

  private static Frame event(long id) {
    return Frame.of(
        new Event(
            new EventId(id, 0),
            LOBBY,
            EventType.MESSAGE_CREATED,
            Instant.EPOCH,
            EventId.ZERO,
            id,
            "{}",
            "{}"));
  }
}

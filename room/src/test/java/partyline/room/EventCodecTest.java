package partyline.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

final class EventCodecTest {

  private static final Event MESSAGE =
      new Event(
          new EventId(1_700_000_000_000L, 3),
          new RoomId("lobby"),
          EventType.MESSAGE_CREATED,
          Instant.parse("2026-01-01T12:00:00.5Z"),
          new EventId(1_700_000_000_000L, 1),
          42,
          "{\"id\":\"u7\",\"name\":\"Ada\"}",
          "{\"kind\":\"user\",\"text\":\"hi\"}");

  @Property
  void what_is_packed_is_unpacked(@ForAll("events") Event event) {
    assertThat(EventCodec.unpack(event.id(), EventCodec.pack(event))).isEqualTo(event);
  }

  @Property
  void json_is_always_one_line_that_says_what_the_event_says(@ForAll("events") Event event)
      throws JsonProcessingException {
    String line = EventCodec.json(event);

    assertThat(line).doesNotContainPattern("[\n\r\u0085\u2028\u2029]");
    JsonNode json = Json.MAPPER.readTree(line);
    assertThat(json.path("id").textValue()).isEqualTo(event.id().toString());
    assertThat(json.path("type").textValue()).isEqualTo(event.type());
    assertThat(json.path("room").textValue()).isEqualTo(event.room().value());
    assertThat(Instant.parse(json.path("at").textValue())).isEqualTo(event.at());
    assertThat(json.path("by")).isEqualTo(Json.MAPPER.readTree(event.by()));
    JsonNode data = Json.MAPPER.readTree(event.data());
    if (event.type().equals(EventType.MESSAGE_CREATED)) {
      JsonNode message = json.path("data").path("message");
      assertThat(message).isEqualTo(Json.MAPPER.readTree(EventCodec.messageJson(event)));
      assertThat(message.path("id").textValue()).isEqualTo(event.id().toString());
      assertThat(message.path("number").longValue()).isEqualTo(event.number());
      assertThat(message.path("room").textValue()).isEqualTo(event.room().value());
      assertThat(Instant.parse(message.path("at").textValue())).isEqualTo(event.at());
      data.fieldNames()
          .forEachRemaining(field -> assertThat(message.path(field)).isEqualTo(data.path(field)));
    } else {
      assertThat(json.path("data")).isEqualTo(data);
    }
  }

  @Example
  void a_message_is_written_like_this() {
    assertThat(EventCodec.pack(MESSAGE))
        .isEqualTo(
            """
            message.created
            lobby
            1767268800500
            1700000000000-1
            42
            {"id":"u7","name":"Ada"}
            {"kind":"user","text":"hi"}\
            """);
    assertThat(EventCodec.json(MESSAGE))
        .isEqualTo(
            """
            {"id":"1700000000000-3","type":"message.created","room":"lobby",\
            "at":"2026-01-01T12:00:00.500Z","by":{"id":"u7","name":"Ada"},\
            "data":{"message":{"id":"1700000000000-3","number":42,"room":"lobby",\
            "at":"2026-01-01T12:00:00.500Z","kind":"user","text":"hi"}}}\
            """);
  }

  @Property(tries = 3_000)
  void what_is_no_event_is_refused_and_never_anything_worse(@ForAll("broken") String packed) {
    try {
      Event event = EventCodec.unpack(EventId.ZERO, packed);
      assertThat(EventCodec.unpack(EventId.ZERO, EventCodec.pack(event))).isEqualTo(event);
    } catch (IllegalArgumentException refused) {
      assertThat(refused).isNotNull();
    }
  }

  @Example
  void each_line_is_checked() {
    for (String packed :
        new String[] {
          "",
          "a",
          "t\na\n1\n0-0\n0\n{}",
          "t\nA\n1\n0-0\n0\n{}\n{}",
          "t\na\nx\n0-0\n0\n{}\n{}",
          "t\na\n1\n0\n0\n{}\n{}",
          "t\na\n1\n0-0\n\n{}\n{}"
        }) {
      assertThatThrownBy(() -> EventCodec.unpack(EventId.ZERO, packed))
          .as(packed)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Provide
  Arbitrary<Event> events() {
    Arbitrary<EventId> ids =
        Combinators.combine(
                Arbitraries.longs().between(0, 999_999_999_999_999_999L),
                Arbitraries.longs().between(0, 999_999))
            .as(EventId::new);
    Arbitrary<RoomId> rooms =
        Arbitraries.oneOf(
            Arbitraries.of("a", "lobby", "dm.1f", "x.y_z-9").map(RoomId::new),
            anyText()
                .filter(text -> UserId.parse(text).isPresent())
                .map(user -> RoomId.inboxOf(new UserId(user))),
            Arbitraries.of("\"", "\\", "\"}{\\\"", "{t}:c:*").map(u -> new RoomId("@" + u)));
    return Combinators.combine(
            ids,
            rooms,
            Arbitraries.of(EventType.MESSAGE_CREATED, "app.order_shipped", "reaction.added"),
            Arbitraries.longs().between(0, 253_402_300_799_999L).map(Instant::ofEpochMilli),
            ids,
            Arbitraries.longs().between(0, Long.MAX_VALUE),
            anyText().map(text -> "{\"id\":" + Json.quote(text) + "}"),
            Arbitraries.oneOf(
                Arbitraries.just("{}"),
                anyText().map(text -> "{\"text\":" + Json.quote(text) + ",\"n\":[1,{}]}")))
        .as(Event::new);
  }

  @Provide
  Arbitrary<String> broken() {
    Arbitrary<String> line =
        Arbitraries.oneOf(
            Arbitraries.of(
                "message.created", "lobby", "@x", "17", "5-1", "0-0", "0", "{}", "", "-1"),
            Arbitraries.strings().ofMaxLength(5));
    return line.list().ofMaxSize(9).map(lines -> String.join("\n", lines));
  }

  /** With more of what breaks lines and quotes than chance would give. */
  static Arbitrary<String> anyText() {
    return Arbitraries.oneOf(
        Arbitraries.strings().ofMaxLength(20),
        Arbitraries.strings()
            .withChars("\n\r\t\0\"\\/{}\u0085\u2028\u2029\u007f\u00e9<>&'")
            .ofMaxLength(12),
        Arbitraries.of("👩‍🚀", "\ud83d\ude00", "</script>", "data: x\n\n"));
  }
}

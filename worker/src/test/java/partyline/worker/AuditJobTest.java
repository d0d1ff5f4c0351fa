package partyline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import partyline.room.Audit;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.RoomId;

final class AuditJobTest {
  private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "user.banned; {\"user_id\":\"bob\",\"reason\":\"spam\",\"until\":null}; bob",
        "user.unmuted; {\"user_id\":\"bob\"}; bob",
        "member.removed; {\"member\":{\"id\":\"bob\",\"role\":\"member\"}}; bob",
        "room.deleted; {}; lobby",
        "message.deleted; {\"message\":{\"id\":\"5-0\",\"by\":{\"id\":\"bob\"}}}; 5-0",
      })
  void acts_of_moderators_are_noted_with_whom_they_concern(
      String type, String data, String subject) {
    Audit.Happened happened = AuditJob.happened(event(type, data)).orElseThrow();

    assertThat(happened.event()).isEqualTo(new EventId(7, 0));
    assertThat(happened.at()).isEqualTo(AT);
    assertThat(happened.act().by().value()).isEqualTo("mo");
    assertThat(happened.act().name()).isEqualTo("Mo");
    assertThat(happened.act().subject()).contains(subject);
    assertThat(happened.act().room()).contains(new RoomId("lobby"));
  }

  @Test
  void why_is_noted_and_nothing_that_was_said() {
    Audit.Happened happened =
        AuditJob.happened(
                event(
                    "user.banned",
                    "{\"user_id\":\"bob\",\"reason\":\"spam\",\"until\":null,\"text\":\"x\"}"))
            .orElseThrow();

    assertThat(happened.act().details()).isEqualTo("{\"reason\":\"spam\"}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "message.created; {\"text\":\"hi\"}",
        "message.deleted; {\"message\":{\"id\":\"5-0\",\"by\":{\"id\":\"mo\"}}}",
        "reaction.added; {}",
        "member.joined; {\"member\":{\"id\":\"mo\"}}",
        "app.order.shipped; {\"user_id\":\"bob\"}",
      })
  void what_people_do_to_what_is_theirs_is_no_act(String type, String data) {
    assertThat(AuditJob.happened(event(type, data))).isEqualTo(Optional.empty());
  }

  @Test
  void what_a_worker_does_for_the_site_was_noted_when_it_was_asked_for() {
    String data = "{\"message\":{\"id\":\"5-0\",\"by\":{\"id\":\"bob\"}}}";

    assertThat(AuditJob.happened(event("message.deleted", data, Site.BY))).isEmpty();
    assertThat(
            AuditJob.happened(
                event("message.deleted", data, "{\"id\":\"partyline\",\"name\":\"partyline\"}")))
        .isPresent();
  }

  private static Event event(String type, String data) {
    return event(type, data, "{\"id\":\"mo\",\"name\":\"Mo\"}");
  }

  private static Event event(String type, String data, String by) {
    return new Event(new EventId(7, 0), new RoomId("lobby"), type, AT, EventId.ZERO, 0, by, data);
  }
}

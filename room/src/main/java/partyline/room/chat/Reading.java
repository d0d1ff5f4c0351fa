package partyline.room.chat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import partyline.room.EventId;
import partyline.room.Expectation;
import partyline.room.Field;
import partyline.room.Message;
import partyline.room.Place;
import partyline.room.View;

/**
 * A view that notes what a decision reads of it: just that must still be so when the decision is
 * written. To expect more would let big rooms fight over one field.
 */
final class Reading {

  private final View view;
  private final Set<Field> read = new LinkedHashSet<>();

  Reading(View view) {
    this.view = view;
  }

  Optional<String> field(Field field) {
    read.add(field);
    return view.field(field);
  }

  /** What a decision looks at and does not depend on. */
  Optional<String> glance(Field field) {
    return view.field(field);
  }

  long number(Field field) {
    return number(field(field));
  }

  static long number(Optional<String> value) {
    return value.flatMap(Words.lenient(Long::parseLong)).orElse(0L);
  }

  /** As it stands: an edit or a deletion that comes between makes the decision stale. */
  Optional<Message> message(EventId id) {
    Optional<Message> message = view.message(id);
    message.ifPresent(found -> read.add(Field.amended(id)));
    return message;
  }

  EventId head() {
    return view.head();
  }

  Instant now() {
    return view.now();
  }

  List<Expectation> expectations() {
    var expected = new ArrayList<Expectation>(read.size());
    for (Field field : read) {
      expected.add(expectation(field));
    }
    return expected;
  }

  private Expectation expectation(Field field) {
    return field.place() instanceof Place.Amended
        ? new Expectation(field, view.message(EventId.of(field.name())).flatMap(Message::amendment))
        : view.asRead(field);
  }
}

package partyline.room.redis;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.room.Epoch;
import partyline.room.Epochs;
import partyline.room.Event;
import partyline.room.EventCodec;
import partyline.room.EventId;
import partyline.room.Field;
import partyline.room.Message;
import partyline.room.RoomId;

/** The list a script answered, read by position. A wrong type is a bug of ours and throws. */
record Reply(List<? extends @Nullable Object> values) {

  private static final Logger LOG = LoggerFactory.getLogger(Reply.class);

  int size() {
    return values.size();
  }

  boolean isNull(int index) {
    return values.get(index) == null;
  }

  String text(int index) {
    if (values.get(index) instanceof String text) {
      return text;
    }
    throw new IllegalStateException("no text at " + index + " of " + values.size());
  }

  Optional<String> optionalText(int index) {
    return isNull(index) ? Optional.empty() : Optional.of(text(index));
  }

  long number(int index) {
    if (values.get(index) instanceof Long number) {
      return number;
    }
    throw new IllegalStateException("no number at " + index + " of " + values.size());
  }

  boolean flag(int index) {
    return number(index) == 1;
  }

  EventId id(int index) {
    return EventId.of(text(index));
  }

  /** Of epoch milliseconds, as text. */
  Instant instant(int index) {
    return Instant.ofEpochMilli(Long.parseLong(text(index)));
  }

  Reply list(int index) {
    if (values.get(index) instanceof List<?> list) {
      return new Reply(list);
    }
    throw new IllegalStateException("no list at " + index + " of " + values.size());
  }

  /** Of {@code start, branch, …} in no order. */
  Epochs epochs() {
    var epochs = new ArrayList<Epoch>(size() / 2);
    for (int i = 0; i < size(); i += 2) {
      epochs.add(new Epoch(id(i + 1), id(i)));
    }
    epochs.sort((a, b) -> a.start().compareTo(b.start()));
    return new Epochs(epochs);
  }

  /** Of {@code id, packed, …}. */
  List<Event> events() {
    var events = new ArrayList<Event>(size() / 2);
    for (int i = 0; i < size(); i += 2) {
      event(i, i + 1).ifPresent(events::add);
    }
    return events;
  }

  /**
   * What a stream keeps under an id. What holds no event was not appended by us, so nobody is owed
   * it: to fail instead would keep every node from going on past it.
   */
  Optional<Event> event(int id, int packed) {
    try {
      return Optional.of(EventCodec.unpack(id(id), text(packed)));
    } catch (IllegalArgumentException e) {
      LOG.error("the entry {} holds no event and is passed over: {}", values.get(id), e.toString());
      return Optional.empty();
    }
  }

  /**
   * Of {@code id, packed or nil, amendment or nil, reactions or nil, …}; what is neither in history
   * nor erased is left out.
   *
   * @param pins JSON array of ids
   */
  List<Message> messages(RoomId room, Optional<String> pins) {
    var messages = new ArrayList<Message>(size() / 4);
    for (int i = 0; i < size(); i += 4) {
      message(room, id(i), i + 1, pins).ifPresent(messages::add);
    }
    return messages;
  }

  /** Of {@code packed or nil, amendment or nil, reactions or nil}, from an index on. */
  Optional<Message> message(RoomId room, EventId id, int from, Optional<String> pins) {
    Optional<String> amendment = optionalText(from + 1);
    if (amendment.filter(Message::isTombstone).isPresent()) {
      return Optional.of(Message.erased(id, room, amendment.get()));
    }
    return optionalText(from)
        .map(packed -> Message.of(EventCodec.unpack(id, packed)))
        .map(said -> amendment.map(said::amendedTo).orElse(said))
        .map(message ->
            message.with(
                optionalText(from + 2).orElse(Message.NO_REACTIONS),
                pins.filter(ids -> ids.contains("\"" + id + "\"")).isPresent()));
  }

  /** Of {@code field, value, …}. */
  Map<String, String> map() {
    var map = new HashMap<String, String>();
    for (int i = 0; i < size(); i += 2) {
      map.put(text(i), text(i + 1));
    }
    return map;
  }

  /** Of a value or nil for each of these fields, in their order, from an index on. */
  Map<Field, String> fields(List<Field> fields, int from) {
    var map = new HashMap<Field, String>();
    for (int i = 0; i < fields.size(); i++) {
      Field field = fields.get(i);
      optionalText(from + i).ifPresent(value -> map.put(field, value));
    }
    return map;
  }
}

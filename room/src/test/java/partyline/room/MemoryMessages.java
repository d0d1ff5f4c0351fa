package partyline.room;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Messages as they stand, and what is done to them. Confined to its owner's lock. */
final class MemoryMessages {

  private record Said(RoomId room, EventId message) {}

  private final MemoryJournal journal;
  private final MemoryStreams histories;
  private final MemoryFields fields;
  private final MemoryReactions reactions;

  /** The events that amended a message. */
  private final Map<Said, List<EventId>> updates = new HashMap<>();

  MemoryMessages(MemoryJournal journal, MemoryStreams histories, MemoryFields fields) {
    this.journal = journal;
    this.histories = histories;
    this.fields = fields;
    this.reactions = new MemoryReactions(journal);
  }

  /** Why a change of a message is not made, if it is not. */
  Optional<AppendResult> refusal(RoomId room, Change change) {
    return switch (change) {
      case Change.React react when reactions.isSo(room, react) ->
          Optional.of(new AppendResult.Unchanged());
      case Change.React react when reactions.isFull(room, react) ->
          Optional.of(new AppendResult.TooMany());
      case Change.Amend(EventId message, String _)
          when updatesOf(room, message).size() >= Limits.UPDATES_PER_MESSAGE ->
          Optional.of(new AppendResult.TooMany());
      default -> Optional.empty();
    };
  }

  /** The event's data, to which a reaction adds how many there are. */
  String data(Append append) {
    for (Change change : append.changes()) {
      if (change instanceof Change.React react) {
        long count = reactions.count(append.room(), react) + (react.add() ? 1 : -1);
        String data = append.data().substring(0, append.data().length() - 1);
        return data + (data.length() > 1 ? "," : "") + "\"count\":" + count + "}";
      }
    }
    return append.data();
  }

  void change(Event event, Change change) {
    RoomId room = event.room();
    switch (change) {
      case Change.React react -> reactions.change(room, react);
      case Change.Amend(EventId message, String _) -> {
        var now = new ArrayList<>(updatesOf(room, message));
        now.add(event.id());
        journal.put(updates, new Said(room, message), List.copyOf(now));
        fields.change(event, change);
      }
      default -> fields.change(event, change);
    }
  }

  /**
   * Leaves a tombstone.
   *
   * @return the entries that hold the message's text
   */
  List<EventId> erase(RoomId room, Change.Erase erase) {
    EventId id = erase.message();
    Optional<String> amendment = fields.get(room, Field.amended(id));
    if (amendment.filter(Message::isTombstone).isPresent()) {
      return List.of();
    }
    var entries = new ArrayList<>(List.of(id));
    entries.addAll(updatesOf(room, id));
    journal.remove(updates, new Said(room, id));
    reactions.erase(room, id);
    fields.remove(room, Field.amended(id));
    Event said = histories.of(room).get(id);
    if (said != null) {
      fields.put(
          room,
          Field.amended(id),
          said.number() + " " + said.at().toEpochMilli() + " " + erase.left());
    }
    return entries;
  }

  /** The message with this id; empty if it never was, or was trimmed. */
  Optional<Message> get(RoomId room, EventId id) {
    Optional<String> amendment = fields.get(room, Field.amended(id));
    if (amendment.filter(Message::isTombstone).isPresent()) {
      return Optional.of(Message.erased(id, room, amendment.get()));
    }
    return Optional.ofNullable(histories.of(room).get(id)).map(this::asItStands);
  }

  Message asItStands(Event said) {
    Message message = Message.of(said);
    return fields
        .get(said.room(), Field.amended(said.id()))
        .map(message::amendedTo)
        .orElse(message)
        .with(
            reactions.json(said.room(), said.id()),
            pins(said.room()).contains("\"" + said.id() + "\""));
  }

  List<Message> live(RoomId room) {
    return histories.of(room).values().stream().map(this::asItStands).toList();
  }

  List<Message> erased(RoomId room) {
    return fields.of(room, new Place.Amended()).entrySet().stream()
        .filter(one -> Message.isTombstone(one.getValue()))
        .map(one -> Message.erased(EventId.of(one.getKey()), room, one.getValue()))
        .toList();
  }

  List<Message> pinned(RoomId room) {
    var pinned = new ArrayList<Message>();
    for (String part : pins(room).split("\"", -1)) {
      EventId.parse(part).flatMap(id -> get(room, id)).ifPresent(pinned::add);
    }
    return pinned;
  }

  private String pins(RoomId room) {
    return fields.get(room, Field.state("pins")).orElse("");
  }

  private List<EventId> updatesOf(RoomId room, EventId message) {
    return updates.getOrDefault(new Said(room, message), List.of());
  }

  void clear() {
    updates.clear();
    reactions.clear();
  }
}

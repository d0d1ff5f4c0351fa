package partyline.room.chat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import partyline.room.Change;
import partyline.room.EventId;
import partyline.room.EventType;
import partyline.room.Json;
import partyline.room.Limits;
import partyline.room.Message;
import partyline.room.chat.Filters.Mode;
import partyline.room.text.WordFilter;

/** What people say, and what becomes of what they said. */
final class MessageRules {

  private MessageRules() {}

  static Decision post(Scene scene, Command.Post post) {
    Optional<Refusal> refused =
        scene
            .refusal(Permission.POST)
            .or(() -> tooManyMentions(post))
            .or(() -> slowed(scene))
            .or(() -> RoomRules.tooManyRooms(scene))
            .or(() -> noSuchReply(scene, post));
    if (refused.isPresent()) {
      return Scene.refuse(refused.get());
    }
    Optional<String> text = filtered(scene, post.text());
    if (text.isEmpty()) {
      return Scene.refuse(new Refusal.Rejected());
    }
    var changes = new ArrayList<Change>(RoomRules.beginning(scene));
    if (scene.standing().isSlowed()) {
      changes.add(new Change.StampTime(RoomFields.last(scene.me())));
    }
    ObjectNode fields = Said.fields(post, text.get(), scene.actor().author());
    return scene.write(EventType.MESSAGE_CREATED, Json.line(fields), changes, post.key());
  }

  private static Optional<Refusal> tooManyMentions(Command.Post post) {
    return post.mentions().size() > Limits.MENTIONS_PER_MESSAGE
        ? Optional.of(Refusal.invalid("mentions", "are more than " + Limits.MENTIONS_PER_MESSAGE))
        : Optional.empty();
  }

  private static Optional<Refusal> slowed(Scene scene) {
    if (!scene.standing().isSlowed()) {
      return Optional.empty();
    }
    Duration pause = Duration.ofSeconds(scene.standing().settings().slowModeSeconds());
    return scene
        .reading()
        .field(RoomFields.last(scene.me()))
        .flatMap(Words.lenient(Long::parseLong))
        .map(last -> Duration.between(scene.now(), Instant.ofEpochMilli(last).plus(pause)))
        .filter(Duration::isPositive)
        .map(Refusal.SlowMode::new);
  }

  private static Optional<Refusal> noSuchReply(Scene scene, Command.Post post) {
    return post.replyTo()
        .filter(id -> scene.message(id).isEmpty())
        .map(_ -> Refusal.invalid("reply_to", "is no message of this room that is still there"));
  }

  /** The text as the room takes it; empty if it does not. */
  private static Optional<String> filtered(Scene scene, String text) {
    Filters filters = scene.standing().settings().filters();
    if (filters.words().isEmpty() || scene.isService()) {
      return Optional.of(text);
    }
    var filter = new WordFilter(filters.words());
    if (filters.mode() == Mode.MASK) {
      return Optional.of(filter.mask(text));
    }
    return filter.matches(text) ? Optional.empty() : Optional.of(text);
  }

  static Decision edit(Scene scene, Command.Edit edit) {
    Optional<Refusal> refused = scene.refusal(Permission.READ);
    if (refused.isPresent()) {
      return Scene.refuse(refused.get());
    }
    Optional<Message> message = scene.reading().message(edit.message());
    if (message.isEmpty()) {
      return Scene.refuse(gone(scene, edit.message()));
    }
    Said said = Said.of(message.get());
    if (said.isDeleted()) {
      return Scene.refuse(new Refusal.NotFound());
    }
    if (!said.isBy(scene.me())) {
      return Scene.forbid("Only who said it edits it.");
    }
    return scene
        .refusal(Permission.POST)
        .map(Scene::refuse)
        .orElseGet(() -> edited(scene, message.get(), said, edit.text()));
  }

  private static Decision edited(Scene scene, Message message, Said said, String raw) {
    Optional<String> text = filtered(scene, raw);
    if (text.isEmpty()) {
      return Scene.refuse(new Refusal.Rejected());
    }
    if (said.hasText(text.get())) {
      return Scene.nothing();
    }
    ObjectNode edited = said.edited(text.get(), scene.now());
    return scene.write(
        EventType.MESSAGE_UPDATED,
        said.asEvent(edited),
        List.of(new Change.Amend(message.id(), Json.line(edited))));
  }

  /** Older than what Redis holds, or never there: an id above the head was never given out. */
  private static Refusal gone(Scene scene, EventId id) {
    return id.isAfter(scene.reading().head()) ? new Refusal.NotFound() : new Refusal.TooOld();
  }

  /**
   * Muted people may take back what they said. Of a message that has left Redis nobody can say
   * whose it was: who moderates deletes it.
   */
  static Decision delete(Scene scene, Command.Delete delete) {
    Optional<Refusal> refused = scene.refusal(Permission.READ);
    if (refused.isPresent()) {
      return Scene.refuse(refused.get());
    }
    EventId id = delete.message();
    Optional<Message> message = scene.reading().message(id);
    boolean mine = message.map(found -> Said.of(found).isBy(scene.me())).orElse(false);
    if (!mine && scene.refusal(Permission.DELETE_ANY).isPresent()) {
      return message.isPresent()
          ? Scene.forbid("Only who said it, or a moderator, deletes it.")
          : Scene.refuse(gone(scene, id));
    }
    if (message.isEmpty()) {
      return id.isAfter(scene.reading().head())
          ? Scene.refuse(new Refusal.NotFound())
          : scene.write(EventType.MESSAGE_DELETED, trace(scene, id), unpinned(scene, id));
    }
    Said said = Said.of(message.get());
    if (said.isDeleted()) {
      return Scene.nothing();
    }
    ObjectNode tombstone = said.tombstone(scene.now());
    var changes = new ArrayList<Change>(unpinned(scene, id));
    changes.add(new Change.Erase(id, Json.line(tombstone)));
    return scene.write(EventType.MESSAGE_DELETED, said.asEvent(tombstone), changes);
  }

  private static String trace(Scene scene, EventId id) {
    ObjectNode data = Json.MAPPER.createObjectNode();
    data.putObject("message")
        .put("id", id.toString())
        .put("room", scene.room().value())
        .put("deleted_at", scene.now().toString());
    return Json.line(data);
  }

  private static List<Change> unpinned(Scene scene, EventId id) {
    Pins pins = Pins.of(scene.reading().field(RoomFields.PINS));
    return pins.has(id)
        ? List.of(new Change.Set(RoomFields.PINS, pins.without(id).json()))
        : List.of();
  }

  static Decision react(Scene scene, EventId id, Emoji emoji, boolean add) {
    Optional<Refusal> refused = scene.refusal(add ? Permission.REACT : Permission.READ);
    if (refused.isPresent()) {
      return Scene.refuse(refused.get());
    }
    if (scene.message(id).isEmpty()) {
      return Scene.refuse(new Refusal.NotFound());
    }
    ObjectNode data = Json.MAPPER.createObjectNode();
    data.put("message_id", id.toString())
        .put("emoji", emoji.value())
        .put("user_id", scene.me().value());
    return scene.write(
        add ? EventType.REACTION_ADDED : EventType.REACTION_REMOVED,
        data,
        List.of(new Change.React(id, emoji.value(), scene.me(), add)));
  }

  static Decision pin(Scene scene, EventId id) {
    Optional<Refusal> refused = scene.refusal(Permission.PIN);
    if (refused.isPresent()) {
      return Scene.refuse(refused.get());
    }
    if (scene.message(id).isEmpty()) {
      return Scene.refuse(new Refusal.NotFound());
    }
    Pins pins = Pins.of(scene.reading().field(RoomFields.PINS));
    if (pins.has(id)) {
      return Scene.nothing();
    }
    return pins.ids().size() >= Limits.PINS_PER_ROOM
        ? Scene.refuse(
            new Refusal.Conflict("A room has at most " + Limits.PINS_PER_ROOM + " pins."))
        : pinned(scene, EventType.MESSAGE_PINNED, id, pins.with(id));
  }

  static Decision unpin(Scene scene, EventId id) {
    Optional<Refusal> refused = scene.refusal(Permission.PIN);
    if (refused.isPresent()) {
      return Scene.refuse(refused.get());
    }
    Pins pins = Pins.of(scene.reading().field(RoomFields.PINS));
    return pins.has(id)
        ? pinned(scene, EventType.MESSAGE_UNPINNED, id, pins.without(id))
        : Scene.nothing();
  }

  private static Decision pinned(Scene scene, String type, EventId id, Pins pins) {
    ObjectNode data = Json.MAPPER.createObjectNode().put("message_id", id.toString());
    return scene.write(type, data, List.of(new Change.Set(RoomFields.PINS, pins.json())));
  }
}

package partyline.room.chat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import partyline.room.Author;
import partyline.room.Event;
import partyline.room.EventType;
import partyline.room.UserId;

/**
 * An event that may take from somebody the right to read its room. Who tells events asks of each
 * whether it does: they see the event, and nothing after it.
 */
public sealed interface Turn {

  enum Effect {
    KEEPS,
    TAKES,
    /** The event alone can't say: look at what they are in the room now. */
    PERHAPS
  }

  /**
   * @param reader who reads; empty for nobody in particular
   */
  Effect on(Optional<Author> reader);

  record Banned(UserId user) implements Turn {
    @Override
    public Effect on(Optional<Author> reader) {
      return is(user, reader) ? Effect.TAKES : Effect.KEEPS;
    }
  }

  /** Who is no member any more may still read an open room, or by their token. */
  record Gone(UserId user) implements Turn {
    @Override
    public Effect on(Optional<Author> reader) {
      return is(user, reader) ? Effect.PERHAPS : Effect.KEEPS;
    }
  }

  record Settled(RoomSettings settings) implements Turn {
    @Override
    public Effect on(Optional<Author> reader) {
      if (isService(reader)) {
        return Effect.KEEPS;
      }
      boolean nameless = reader.map(author -> author.id().isGuest()).orElse(true);
      return switch (settings.access()) {
        case OPEN -> nameless && !settings.guests() ? Effect.PERHAPS : Effect.KEEPS;
        case MEMBERS, PRIVATE -> Effect.PERHAPS;
      };
    }
  }

  record Deleted() implements Turn {
    @Override
    public Effect on(Optional<Author> reader) {
      return Effect.TAKES;
    }
  }

  /** Empty for an event that takes nothing from anybody. */
  static Optional<Turn> of(Event event) {
    return switch (event.type()) {
      case EventType.USER_BANNED -> user(event).map(Banned::new);
      case EventType.MEMBER_LEFT, EventType.MEMBER_REMOVED -> user(event).map(Gone::new);
      case EventType.ROOM_UPDATED ->
          Optional.of(
              new Settled(
                  Words.object(event.data()).path("room") instanceof ObjectNode settings
                      ? RoomSettings.parse(settings)
                      : RoomSettings.parse("{}")));
      case EventType.ROOM_DELETED -> Optional.of(new Deleted());
      default -> Optional.empty();
    };
  }

  private static Optional<UserId> user(Event event) {
    return Words.text(Words.object(event.data()).path("user_id")).flatMap(UserId::parse);
  }

  private static boolean is(UserId user, Optional<Author> reader) {
    return reader.map(author -> author.id().equals(user)).orElse(false) && !isService(reader);
  }

  private static boolean isService(Optional<Author> reader) {
    return reader.map(author -> author.kind().isOfSite()).orElse(false);
  }
}

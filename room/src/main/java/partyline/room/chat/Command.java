package partyline.room.chat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import partyline.room.Append.Idempotency;
import partyline.room.EventId;
import partyline.room.UserId;

/** What somebody may want of a room. */
public sealed interface Command {

  /**
   * Says something.
   *
   * @param text clean, see {@link partyline.room.MessageText}
   * @param data any JSON on one line, at most {@link partyline.room.Limits#MESSAGE_DATA_BYTES}
   * @param kind what the site says it is; whatever others say, they say as users
   */
  record Post(
      String text,
      Optional<String> data,
      List<UserId> mentions,
      Optional<EventId> replyTo,
      Optional<String> clientMsgId,
      MessageKind kind,
      Optional<Idempotency> key)
      implements Command {
    public Post {
      mentions = List.copyOf(mentions);
    }

    /** Nothing but words. */
    public static Post of(String text) {
      return new Post(
          text,
          Optional.empty(),
          List.of(),
          Optional.empty(),
          Optional.empty(),
          MessageKind.USER,
          Optional.empty());
    }

    public Post under(Idempotency one) {
      return new Post(text, data, mentions, replyTo, clientMsgId, kind, Optional.of(one));
    }

    public Post inReplyTo(EventId message) {
      return new Post(text, data, mentions, Optional.of(message), clientMsgId, kind, key);
    }
  }

  enum MessageKind {
    USER,
    SYSTEM,
    BOT
  }

  /**
   * @param text clean
   */
  record Edit(EventId message, String text) implements Command {}

  /** Whose it is may delete it, and who moderates. The text is gone everywhere. */
  record Delete(EventId message) implements Command {}

  /**
   * @param emoji see {@link Emoji}
   */
  record React(EventId message, Emoji emoji) implements Command {}

  record Unreact(EventId message, Emoji emoji) implements Command {}

  record Pin(EventId message) implements Command {}

  record Unpin(EventId message) implements Command {}

  record Join() implements Command {}

  record Leave() implements Command {}

  /** Adds somebody, or gives a member another role. */
  record SetMember(UserId user, Role role) implements Command {}

  /** Out, but free to come back. */
  record RemoveMember(UserId user) implements Command {}

  /**
   * Out, and kept out.
   *
   * @param length empty = until it is lifted
   */
  record Ban(UserId user, Optional<Duration> length, Optional<String> reason) implements Command {}

  record Unban(UserId user) implements Command {}

  record Mute(UserId user, Optional<Duration> length, Optional<String> reason) implements Command {}

  record Unmute(UserId user) implements Command {}

  /** Makes the room, its author the owner; of a room that is there all settings become these. */
  record PutRoom(SettingsChange settings) implements Command {}

  record ChangeSettings(SettingsChange settings) implements Command {}

  record DeleteRoom() implements Command {}

  /**
   * An event of the site's own.
   *
   * @param type {@code app.<name>}
   * @param data JSON object on one line
   */
  record Emit(String type, String data, Optional<Idempotency> key) implements Command {
    private static final Pattern TYPE = Pattern.compile("app\\.[a-z0-9][a-z0-9._-]{0,63}");

    public static boolean isType(String word) {
      return TYPE.matcher(word).matches();
    }
  }

  /** The direct room of these users; whoever asks is one of them. */
  record OpenDirect(Direct direct) implements Command {}
}

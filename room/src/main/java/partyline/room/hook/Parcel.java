package partyline.room.hook;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import partyline.room.EventId;
import partyline.room.RoomId;

/**
 * Something to be delivered to a webhook. It names its event and holds nothing of it: what was
 * erased meanwhile must not be delivered from a queue.
 *
 * @param room empty for a test call, which is about no event
 * @param tries how often it was tried before
 */
public record Parcel(EventId event, Optional<RoomId> room, int tries) {
  private static final String NO_ROOM = "-";
  private static final int HASH_BYTES = 16;

  public static Parcel of(EventId event, RoomId room) {
    return new Parcel(event, Optional.of(room), 0);
  }

  /**
   * @param id tells this test from others
   */
  public static Parcel test(EventId id) {
    return new Parcel(id, Optional.empty(), 0);
  }

  public Parcel triedOnceMore() {
    return new Parcel(event, room, tries + 1);
  }

  /** As if nobody had tried it yet. */
  public Parcel anew() {
    return new Parcel(event, room, 0);
  }

  /** The same for every try and every webhook, so that receivers know a repeat. */
  public String webhookId() {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest((place() + "\n" + event).getBytes(UTF_8));
      return "msg_" + HexFormat.of().formatHex(hash, 0, HASH_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As it is kept. */
  public String text() {
    return tries + " " + event + " " + place();
  }

  /** Of {@link #text}. */
  public static Parcel parse(String text) {
    String[] words = text.split(" ", 3);
    return new Parcel(
        EventId.of(words[1]),
        words[2].equals(NO_ROOM) ? Optional.empty() : Optional.of(new RoomId(words[2])),
        Integer.parseInt(words[0]));
  }

  private String place() {
    return room.map(RoomId::value).orElse(NO_ROOM);
  }
}

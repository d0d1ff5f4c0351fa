package partyline.room;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * How far people have read in which room.
 *
 * <p>A marker moves forward and never back, so that two devices that say so at once agree. It is in
 * no log: five thousand readers of one message would fill it. A move is told as an {@link
 * Ephemeral} of type {@link EventType#READ} in the person's inbox, with {@code {room, id, number}};
 * a device that missed it reads the marker, which is a field ({@link Field#read}) of the room.
 *
 * <p>Its number is that of the last message which is read: all before the next one that stands. So
 * what was deleted or trimmed in between is nobody's unread.
 *
 * <p>Thread-safe; stages complete on an I/O thread that must not be blocked, and fail with {@link
 * LogUnavailable} only. Then the marker may have moved, and asking again is harmless.
 */
public interface ReadMarkers {

  /**
   * Moves the marker to this event if it is not there yet; to the room's last event if this one is
   * ahead of it.
   */
  CompletionStage<Reached> reach(RoomId room, UserId user, EventId id);

  /**
   * Tells the devices of a person who listens here of a marker that was moved where the room is,
   * which is elsewhere.
   */
  CompletionStage<Void> tell(UserId user, RoomId room, Marker marker);

  /**
   * Where a marker stands.
   *
   * @param number of the last message that is read; 0 if none is
   */
  record Marker(EventId id, long number) {

    public static final Marker NONE = new Marker(EventId.ZERO, 0);

    /** As its field holds it. */
    public static Marker parse(String field) {
      int blank = field.indexOf(' ');
      return new Marker(
          EventId.of(field.substring(0, blank)), Long.parseLong(field.substring(blank + 1)));
    }

    /** As it stands among what was read of a room, if it was asked for; none, if nobody set it. */
    public static Marker in(Map<Field, String> fields, Field field) {
      return Optional.ofNullable(fields.get(field)).map(Marker::parse).orElse(NONE);
    }

    public String text() {
      return id + " " + number;
    }

    /** Messages after it, in a room whose last has this number. */
    public long unread(long lastNumber) {
      return Math.max(0, lastNumber - number);
    }
  }

  /**
   * What came of it.
   *
   * @param moved false if the marker stood there already, or further
   * @param lastNumber of the room's last message
   */
  record Reached(Marker marker, boolean moved, long lastNumber) {}
}

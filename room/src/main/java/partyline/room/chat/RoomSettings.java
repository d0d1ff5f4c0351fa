package partyline.room.chat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import partyline.room.Json;

/**
 * What a room is, as its owner set it. A room without settings is an open one.
 *
 * @param guests whether guests may read and post; it must be open for it
 * @param readOnly only owners, moderators and the site post
 * @param slowModeSeconds between two messages of one member; 0 = off
 * @param retentionDays how long messages are kept; 0 = as long as everywhere
 */
public record RoomSettings(
    String title,
    String topic,
    Access access,
    boolean guests,
    boolean readOnly,
    int slowModeSeconds,
    int retentionDays,
    Filters filters) {

  public enum Access {
    /** Everybody sees it, reads it and posts to it. */
    OPEN,
    /** Everybody sees it and may join it; members read and post. */
    MEMBERS,
    /** To everybody but its members, and whom they add, it is not there. */
    PRIVATE
  }

  private static final String DELETED = "{\"deleted\":true}";

  /**
   * @param guests what the cluster says of rooms that nobody has set up
   */
  public static RoomSettings byDefault(boolean guests) {
    return new RoomSettings("", "", Access.OPEN, guests, false, 0, 0, Filters.NONE);
  }

  /** An access that another version has invented is kept from strangers. */
  public static RoomSettings parse(String stored) {
    return parse(Words.object(stored));
  }

  static RoomSettings parse(ObjectNode json) {
    return new RoomSettings(
        json.path("title").asText(""),
        json.path("topic").asText(""),
        Words.constant(Access.class, json.path("access")).orElse(Access.PRIVATE),
        json.path("guests").asBoolean(false),
        json.path("read_only").asBoolean(false),
        Math.max(0, json.path("slow_mode_s").asInt(0)),
        Math.max(0, json.path("retention_days").asInt(0)),
        Filters.parse(json.path("filters")));
  }

  /** What stands in the place of settings once a room was deleted. */
  static String deleted() {
    return DELETED;
  }

  static boolean isDeleted(String stored) {
    return Words.object(stored).path("deleted").asBoolean(false);
  }

  /** As members are shown it. */
  public ObjectNode toJson() {
    ObjectNode json = Json.MAPPER.createObjectNode();
    put(json);
    return json;
  }

  /** To be stored in the place of that: fields that only another version knows stay. */
  public String json(Optional<String> stored) {
    ObjectNode json = Words.object(stored.orElse("{}"));
    json.remove("deleted");
    put(json);
    return Json.line(json);
  }

  private void put(ObjectNode json) {
    json.put("title", title)
        .put("topic", topic)
        .put("access", Words.word(access))
        .put("guests", guests)
        .put("read_only", readOnly)
        .put("slow_mode_s", slowModeSeconds)
        .put("retention_days", retentionDays);
    filters.put(json.putObject("filters"));
  }
}

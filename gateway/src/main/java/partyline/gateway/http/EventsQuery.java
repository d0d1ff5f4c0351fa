package partyline.gateway.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import partyline.room.Cursor;
import partyline.room.Limits;
import partyline.room.Partitions;
import partyline.room.RoomId;
import partyline.room.UserId;

/**
 * What {@code GET /v1/events} was asked for.
 *
 * @param rooms without repeats; empty if none was named
 * @param inbox whether the caller's own is listened to as well, asked for as {@code @me}
 * @param follows whether the rooms are those that the caller belongs to, as none was named
 * @param position where to go on from
 * @param parkedFor how long a poll may be parked; zero = answer at once
 * @param bareArray whether a poll is answered with the events alone ({@code shape=array})
 * @param paddingBytes of comment at the start of a stream, for browsers that hold back the first
 *     bytes; 0 = none
 * @param replay how many events to start back; 0 unless the position is {@link Position.Now}: a
 *     browser reconnects with the URL it had, and its cursor is the newer wish
 */
public record EventsQuery(
    List<RoomId> rooms,
    boolean inbox,
    boolean follows,
    Transport transport,
    Position position,
    Duration parkedFor,
    boolean bareArray,
    int paddingBytes,
    int replay) {

  public enum Transport {
    SSE,
    POLL
  }

  /** Where a client wants to go on from. */
  public sealed interface Position {

    record Now() implements Position {}

    record After(Cursor cursor) implements Position {}

    /** It sent a cursor that we can't have given it: a reset on a stream, a problem on a poll. */
    record Invalid() implements Position {}
  }

  /** All the names under which clients out there send the id they had last. */
  private static final List<String> CURSOR_NAMES =
      List.of(
          "lastEventId",
          "last_event_id",
          "last_id",
          "lastEventID",
          "Last-Event-ID",
          "evs_last_event_id",
          "since");

  private static final Pattern JSON_ACCEPTED =
      Pattern.compile("application/json\\s*(;(?!\\s*q=0(\\.0*)?\\s*$).*)?");

  static final String INBOX = "@me";

  private static final int PADDING_BYTES = 2_048;
  private static final int PADDING_BYTES_MAX = 8_192;

  public EventsQuery {
    rooms = List.copyOf(rooms);
  }

  EventsQuery withRooms(List<RoomId> named) {
    return with(named, follows);
  }

  /** {@code @me} is whoever asks. */
  EventsQuery withInboxOf(UserId caller) {
    return with(and(rooms, caller), follows);
  }

  EventsQuery following(UserId caller, List<RoomId> theirs) {
    return with(and(theirs, caller), true);
  }

  private static List<RoomId> and(List<RoomId> others, UserId caller) {
    return Stream.concat(others.stream(), Stream.of(RoomId.inboxOf(caller))).toList();
  }

  private EventsQuery with(List<RoomId> named, boolean following) {
    return new EventsQuery(
        named, false, following, transport, position, parkedFor, bareArray, paddingBytes, replay);
  }

  public boolean isPoll() {
    return transport == Transport.POLL;
  }

  /**
   * @param query as it came, still percent-encoded
   */
  public static Parsed<EventsQuery> parse(@Nullable String query, MultiMap headers) {
    return parse(query, headers, Partitions.ONE);
  }

  /**
   * @param query as it came, still percent-encoded
   * @param partitions which cursors there are
   */
  public static Parsed<EventsQuery> parse(
      @Nullable String query, MultiMap headers, Partitions partitions) {
    return Query.parse(query)
        .map(decoded -> parse(decoded, headers, partitions))
        .orElseGet(() -> Parsed.bad(Query.malformed()));
  }

  /** Which of the two it was meant to be, also of what can't be parsed otherwise. */
  public static Transport transport(@Nullable String query, MultiMap headers) {
    return Query.parse(query)
        .map(decoded ->
            transport(decoded, headers, decoded.first("shape").filter("array"::equals).isPresent()))
        .orElseGet(() -> acceptsJson(headers) ? Transport.POLL : Transport.SSE);
  }

  private static Parsed<EventsQuery> parse(Query query, MultiMap headers, Partitions partitions) {
    var faults = new Faults();
    Set<String> names = names(query, faults);
    boolean inbox = names.remove(INBOX);
    List<RoomId> rooms = rooms(names, faults);
    Position position = position(query, headers, partitions);
    Duration parkedFor = parkedFor(query, faults);
    boolean bareArray = bareArray(query, faults);
    int paddingBytes = paddingBytes(query, faults);
    int replay = replay(query, faults);
    return faults
        .problem()
        .map(Parsed::<EventsQuery>bad)
        .orElseGet(() ->
            Parsed.good(
                new EventsQuery(
                    rooms,
                    inbox,
                    false,
                    transport(query, headers, bareArray),
                    position,
                    parkedFor,
                    bareArray,
                    paddingBytes,
                    position instanceof Position.Now ? replay : 0)));
  }

  private static Set<String> names(Query query, Faults faults) {
    var names = new LinkedHashSet<String>();
    for (String list : query.all("rooms")) {
      Collections.addAll(names, list.split(",", -1));
    }
    if (names.size() > Limits.ROOMS_NAMED_PER_STREAM) {
      faults.add("rooms", "names more than " + Limits.ROOMS_NAMED_PER_STREAM + " rooms");
      names.clear();
    }
    return names;
  }

  private static List<RoomId> rooms(Set<String> names, Faults faults) {
    var rooms = new ArrayList<RoomId>(names.size());
    for (String name : names) {
      faults.unless(RoomName.parse("rooms", name)).ifPresent(rooms::add);
    }
    return rooms;
  }

  /**
   * A poll is asked for by {@code wait}, by {@code shape}, or by accepting JSON, whatever else is
   * accepted: an EventSource accepts streams alone, and what accepts just anything gets a stream.
   */
  private static Transport transport(Query query, MultiMap headers, boolean bareArray) {
    return query.has("wait") || bareArray || acceptsJson(headers) ? Transport.POLL : Transport.SSE;
  }

  private static boolean acceptsJson(MultiMap headers) {
    for (String accept : headers.getAll(HttpHeaders.ACCEPT)) {
      String types = accept.toLowerCase(Locale.ROOT);
      if (types.contains("json")
          && Arrays.stream(types.split(","))
              .map(String::strip)
              .anyMatch(JSON_ACCEPTED.asMatchPredicate())) {
        return true;
      }
    }
    return false;
  }

  private static Position position(Query query, MultiMap headers, Partitions partitions) {
    var told = new ArrayList<>(headers.getAll("Last-Event-ID"));
    for (String name : CURSOR_NAMES) {
      told.addAll(query.all(name));
    }
    Position position = new Position.Now();
    for (String text : told) {
      String stripped = text.strip();
      if (!stripped.isEmpty()) {
        position = later(position, Cursor.parse(stripped, partitions));
      }
    }
    return position;
  }

  private static Position later(Position position, Optional<Cursor> told) {
    if (told.isEmpty()) {
      return position instanceof Position.After ? position : new Position.Invalid();
    }
    Cursor cursor = told.get();
    return new Position.After(
        position instanceof Position.After(Cursor other) ? Cursor.later(other, cursor) : cursor);
  }

  /** More than is allowed is cut down: a poll that ends early is a poll like any other. */
  private static Duration parkedFor(Query query, Faults faults) {
    String text = query.first("wait").orElse("");
    if (text.isEmpty()) {
      return Limits.POLL_WAIT_DEFAULT;
    }
    if (!isNumber(text)) {
      faults.add("wait", "must be a whole number of seconds");
      return Duration.ZERO;
    }
    Duration wait = Duration.ofSeconds(Integer.parseInt(text));
    return wait.compareTo(Limits.POLL_WAIT_MAX) > 0 ? Limits.POLL_WAIT_MAX : wait;
  }

  private static boolean bareArray(Query query, Faults faults) {
    return switch (query.first("shape").orElse("object")) {
      case "array" -> true;
      case "object" -> false;
      default -> {
        faults.add("shape", "must be array or left out");
        yield false;
      }
    };
  }

  /** {@code padding} is ours, {@code evs_preamble} is what an old EventSource asks with. */
  private static int paddingBytes(Query query, Faults faults) {
    for (String name : List.of("padding", "evs_preamble")) {
      String text = query.first(name).orElse(query.has(name) ? "true" : "false");
      if (text.equals("true")) {
        return PADDING_BYTES;
      }
      if (isNumber(text)) {
        return Math.min(Integer.parseInt(text), PADDING_BYTES_MAX);
      }
      if (!text.equals("false")) {
        faults.add(name, "must be true or a number of bytes");
      }
    }
    return 0;
  }

  private static int replay(Query query, Faults faults) {
    String text = query.first("replay").orElse("0");
    if (!isNumber(text) || Integer.parseInt(text) > Limits.REPLAY_BACK_EVENTS) {
      faults.add("replay", "must be 0 to " + Limits.REPLAY_BACK_EVENTS);
      return 0;
    }
    return Integer.parseInt(text);
  }

  /** Of one to nine digits. By hand, as ten thousand streams ask at once when a node was lost. */
  private static boolean isNumber(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return !text.isEmpty() && text.length() <= 9;
  }
}

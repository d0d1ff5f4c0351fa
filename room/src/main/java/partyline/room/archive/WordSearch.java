package partyline.room.archive;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import partyline.room.Archive.Hit;
import partyline.room.Archive.Search;
import partyline.room.ArchiveWriter.Written;
import partyline.room.EventId;
import partyline.room.Limits;
import partyline.room.RoomId;

/**
 * Looks for words. As the language of a room is not known, words are taken as they are written:
 * none is left out as too common, and {@code run} does not find {@code running}.
 *
 * <p>The newest are wanted, and the index of words knows no order: of a word that is in every tenth
 * of a million messages it would bring a hundred thousand for twenty. Going back in time finds
 * those at once, and would look at all that was ever said for a word that is rare, or for two
 * common ones that never meet. Which is which the planner can't know. So first the last few hundred
 * messages are looked at, whatever is in them; how many of them were found says how far one has to
 * go. Is that near, one goes there, message by message. Is it not, the index is asked: for as long
 * a time as that promises to need, or for one that is a hundred times as long if nothing was found;
 * then for the time before that; and at last for all there is, which then is little. In one room
 * the index is asked sooner: its messages lie far apart, each on a page to be read, of which the
 * index knows those that are worth it.
 *
 * <p>What the index brings must be looked at, message by message, where words have an order: each
 * that has both words of a phrase. It knows rooms and times as well as words, so what is elsewhere
 * is not even looked at.
 */
final class WordSearch {

  /**
   * What stands around a word that was found. No text holds them: controls are dropped from all.
   */
  private static final char BEGIN = '\u0002';

  private static final char END = '\u0003';

  private static final String HEADLINE =
      "ts_headline('simple', found.text, websearch_to_tsquery('simple', ?), 'StartSel=\""
          + BEGIN
          + "\", StopSel=\""
          + END
          + "\", MinWords=10, MaxWords=40, ShortWord=0, MaxFragments=2, FragmentDelimiter=\" …"
          + " \"')";
  private static final String WORDS = "m.words @@ websearch_to_tsquery('simple', ?)";

  /** In words that no index of ids knows: it would be read from end to end for what all are. */
  private static final String SHOWN = MessageRow.SHOWN.replace("m.ms", "m.ms + 0");

  private static final String BACK = " ORDER BY m.ms DESC, m.seq DESC LIMIT ?";
  private static final String SORTED = " ORDER BY m.ms + 0 DESC, m.seq DESC LIMIT ?";

  /**
   * Stretches of time that the index knows, in bits of a millisecond; and how many are asked for.
   */
  private static final List<Integer> STRETCHES = List.of(22, 26, 30);

  private static final int LONGEST_STRETCH = STRETCHES.getLast();
  private static final int STRETCHES_ASKED = 16;

  /** How often the index is asked for a stretch of time before it is asked for all. */
  private static final int STRETCHES_MOST = 3;

  private static final String STRETCHED = "ARRAY[m.ms >> 22, m.ms >> 26, m.ms >> 30]";

  private static final int FIRST_SPAN = 128;

  /** How much further one goes than it should take. */
  private static final int GENEROUSLY = 2;

  private final Connection connection;
  private final Search search;
  private final Map<Written, Hit> hits = new LinkedHashMap<>();

  WordSearch(Connection connection, Search search) {
    this.connection = connection;
    this.search = search;
  }

  List<Hit> run() throws SQLException {
    boolean inOne = one().isPresent();
    int looked = inOne ? Limits.SEARCH_LOOKED_AT_OF_ROOM : Limits.SEARCH_LOOKED_AT;
    int most = inOne ? Limits.SEARCH_LOOKED_AT_MOST_OF_ROOM : Limits.SEARCH_LOOKED_AT_MOST;
    Optional<Span> seen = look(search.before(), looked);
    if (seen.isPresent() && isShort()) {
      long more = further(looked);
      seen =
          more > most
              ? seen
              : look(Optional.of(seen.get().last()), (int) more).map(seen.get()::and);
    }
    if (seen.isPresent() && isShort()) {
      older(seen.get());
    }
    return hits.values().stream().limit(search.limit()).toList();
  }

  private boolean isShort() {
    return hits.size() < search.limit();
  }

  /** How much is to be looked at for the rest, if it is like this much. */
  private long further(long looked) {
    long missing = (long) search.limit() - hits.size();
    return hits.isEmpty() ? Long.MAX_VALUE : GENEROUSLY * looked * missing / hits.size();
  }

  /** What was looked at. */
  private record Span(EventId newest, EventId last) {

    Span and(Span older) {
      return new Span(newest, older.last);
    }
  }

  /** Looks at so many; empty if there are no more. */
  private Optional<Span> look(Optional<EventId> before, int count) throws SQLException {
    var sql = new Sql();
    sql.add("SELECT * FROM (SELECT " + MessageRow.COLUMNS + ", m.text, m.words");
    scope(sql, before);
    sql.add(BACK, count).add(") AS m WHERE ").add(WORDS, search.words());
    rooms(sql, false);
    find(sql.add(BACK, search.limit()));
    return isShort() ? span(before, count) : Optional.empty();
  }

  private Optional<Span> span(Optional<EventId> before, int count) throws SQLException {
    var sql = new Sql();
    sql.add("(SELECT m.ms, m.seq");
    scope(sql, before);
    sql.add(BACK, 1).add(") UNION ALL (SELECT m.ms, m.seq");
    scope(sql, before);
    sql.add(BACK, 1).add(" OFFSET ?)", count - 1);
    try (PreparedStatement statement = sql.prepared();
        ResultSet rows = statement.executeQuery()) {
      var ids = new ArrayList<EventId>();
      while (rows.next()) {
        ids.add(new EventId(rows.getLong(1), rows.getLong(2)));
      }
      return ids.size() < 2 ? Optional.empty() : Optional.of(new Span(ids.get(0), ids.get(1)));
    }
  }

  /** The order in which they are gone through: of one room by its own, of several by all. */
  private void scope(Sql sql, Optional<EventId> before) {
    sql.add(" FROM messages m WHERE " + MessageRow.SHOWN);
    if (one().isPresent()) {
      sql.add(" AND m.room = ?", one().get().value());
    }
    if (before.isPresent()) {
      sql.add(" AND (m.ms, m.seq) < (?, ?)", before.get().ms(), before.get().seq());
    }
  }

  /** Asks the index, of each time once. */
  private void older(Span seen) throws SQLException {
    EventId before = seen.last();
    for (int asked = 1; isShort(); asked++) {
      Optional<Stretches> stretches =
          asked > STRETCHES_MOST ? Optional.empty() : stretches(seen.newest(), before);
      indexed(before, stretches);
      if (stretches.isEmpty()) {
        return;
      }
      before = new EventId(stretches.get().from(), 0);
    }
  }

  /** Names of stretches of time that the index knows, which hold all from this time on. */
  private record Stretches(long from, List<Long> names) {}

  /** What promises to be enough, or as much of it as can be named; empty for all there is. */
  private Optional<Stretches> stretches(EventId newest, EventId before) {
    long gone = newest.ms() - before.ms() + 1;
    long span = hits.isEmpty() ? FIRST_SPAN * gone : Math.max(gone, further(gone));
    long from = before.ms() - span;
    for (int bits : STRETCHES) {
      long first = from >> bits;
      if (from > 0 && (before.ms() >> bits) - first < STRETCHES_ASKED) {
        return Optional.of(new Stretches(from, names(first, before.ms() >> bits)));
      }
    }
    long last = before.ms() >> LONGEST_STRETCH;
    long first = last - STRETCHES_ASKED + 1;
    // Of what was not found at all so far there is little.
    return hits.isEmpty() || first <= 0
        ? Optional.empty()
        : Optional.of(new Stretches(first << LONGEST_STRETCH, names(first, last)));
  }

  private static List<Long> names(long first, long last) {
    return LongStream.rangeClosed(first, last).boxed().toList();
  }

  /** What is older than this. */
  private void indexed(EventId before, Optional<Stretches> within) throws SQLException {
    var sql = new Sql();
    sql.add("SELECT " + MessageRow.COLUMNS + ", m.text FROM messages m WHERE ");
    sql.add(WORDS, search.words()).add(" AND " + SHOWN);
    sql.add(" AND (m.ms + 0, m.seq) < (?, ?)", before.ms(), before.seq());
    if (within.isPresent()) {
      Array names = array("int8", within.get().names());
      sql.add(" AND m.ms + 0 >= ? AND " + STRETCHED + " && ?", within.get().from(), names);
    }
    rooms(sql, true);
    find(sql.add(SORTED, search.limit()));
  }

  private Array array(String type, List<?> values) throws SQLException {
    return connection.createArrayOf(type, values.toArray());
  }

  /**
   * @param indexed in the words that the index of words knows
   */
  private void rooms(Sql sql, boolean indexed) throws SQLException {
    if (search.rooms().isPresent()) {
      List<String> names = search.rooms().get().stream().map(RoomId::value).toList();
      sql.add(indexed ? " AND ARRAY[m.room] && ?" : " AND m.room = ANY (?)", array("text", names));
    } else {
      sql.add(" AND m.room <> ALL (ARRAY (SELECT room FROM deleted_rooms))");
    }
  }

  private Optional<RoomId> one() {
    return search.rooms().filter(rooms -> rooms.size() == 1).map(List::getFirst);
  }

  private void find(Sql inner) throws SQLException {
    var sql = new Sql();
    sql.add("SELECT found.*, " + HEADLINE + " AS headline FROM (", search.words());
    sql.add(inner).add(") AS found ORDER BY found.ms DESC, found.seq DESC");
    try (PreparedStatement statement = sql.prepared();
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        var message = MessageRow.read(rows);
        hits.putIfAbsent(
            new Written(message.id(), message.room()),
            new Hit(message, html(rows.getString("headline"))));
      }
    }
  }

  /** A statement that grows together with its values. */
  private final class Sql {
    private final StringBuilder text = new StringBuilder();
    private final List<Object> values = new ArrayList<>();

    Sql add(String more, Object... its) {
      text.append(more);
      values.addAll(List.of(its));
      return this;
    }

    Sql add(Sql other) {
      text.append(other.text);
      values.addAll(other.values);
      return this;
    }

    PreparedStatement prepared() throws SQLException {
      PreparedStatement statement = connection.prepareStatement(text.toString());
      for (int i = 0; i < values.size(); i++) {
        statement.setObject(i + 1, values.get(i));
      }
      return statement;
    }
  }

  /** Escaped, whatever it holds; only what we put in becomes a tag. */
  static String html(String headline) {
    var html = new StringBuilder(headline.length() + 64);
    boolean marked = false;
    for (int i = 0; i < headline.length(); i++) {
      char character = headline.charAt(i);
      switch (character) {
        case '&' -> html.append("&amp;");
        case '<' -> html.append("&lt;");
        case '>' -> html.append("&gt;");
        case '"' -> html.append("&#34;");
        case '\'' -> html.append("&#39;");
        case BEGIN -> {
          html.append(marked ? "" : "<mark>");
          marked = true;
        }
        case END -> {
          html.append(marked ? "</mark>" : "");
          marked = false;
        }
        default -> html.append(character);
      }
    }
    return html.append(marked ? "</mark>" : "").toString();
  }
}

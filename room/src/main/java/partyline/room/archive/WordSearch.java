package partyline.room.archive;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
 * common ones that never meet. Which is which the planner can't know. So first the last few
 * thousand messages are looked at, whatever is in them; if these were not enough the word is not
 * common, and the index is asked, for a time before them sixteen times as long; and if not even
 * that was enough it is rare, and all that the index has of it is little.
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
  private static final int SPANS = 16;

  private final Connection connection;
  private final Search search;
  private final Map<Written, Hit> hits = new LinkedHashMap<>();

  WordSearch(Connection connection, Search search) {
    this.connection = connection;
    this.search = search;
  }

  List<Hit> run() throws SQLException {
    recent();
    if (hits.size() < search.limit()) {
      Optional<Span> seen = seen();
      if (seen.isPresent()) {
        older(seen.get());
      }
    }
    return hits.values().stream().limit(search.limit()).toList();
  }

  /** What was looked at: from the newest to the first that was not. */
  private record Span(EventId newest, EventId next) {

    /** Where the time before it begins that is looked at next. */
    long beginningMillis() {
      return next.ms() - SPANS * (newest.ms() - next.ms());
    }
  }

  private void recent() throws SQLException {
    var sql = new Sql();
    sql.add("SELECT * FROM (SELECT " + MessageRow.COLUMNS + ", m.text, m.words");
    scope(sql);
    sql.add(BACK, looked()).add(") AS m WHERE ").add(WORDS, search.words());
    rooms(sql);
    find(sql.add(BACK, search.limit()));
  }

  private Optional<Span> seen() throws SQLException {
    var sql = new Sql();
    sql.add("(SELECT m.ms, m.seq");
    scope(sql);
    sql.add(BACK, 1).add(") UNION ALL (SELECT m.ms, m.seq");
    scope(sql);
    sql.add(BACK, 1).add(" OFFSET ?)", looked());
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
  private void scope(Sql sql) throws SQLException {
    sql.add(" FROM messages m WHERE " + MessageRow.SHOWN);
    if (one().isPresent()) {
      sql.add(" AND m.room = ?", one().get().value());
    }
    if (search.before().isPresent()) {
      EventId before = search.before().get();
      sql.add(" AND (m.ms, m.seq) < (?, ?)", before.ms(), before.seq());
    }
  }

  private void older(Span seen) throws SQLException {
    EventId next = seen.next();
    if (one().isPresent()) {
      indexed(" AND (m.ms + 0, m.seq) <= (?, ?)", next.ms(), next.seq());
      return;
    }
    long beginning = seen.beginningMillis();
    indexed(" AND (m.ms, m.seq) <= (?, ?) AND m.ms >= ?", next.ms(), next.seq(), beginning);
    if (hits.size() < search.limit()) {
      indexed(" AND m.ms + 0 < ?", beginning);
    }
  }

  private void indexed(String when, Object... values) throws SQLException {
    var sql = new Sql();
    sql.add("SELECT " + MessageRow.COLUMNS + ", m.text FROM messages m WHERE ");
    sql.add(WORDS, search.words()).add(" AND " + SHOWN).add(when, values);
    rooms(sql);
    find(sql.add(SORTED, search.limit()));
  }

  private void rooms(Sql sql) throws SQLException {
    if (one().isPresent()) {
      sql.add(" AND m.room = ?", one().get().value());
    } else if (search.rooms().isPresent()) {
      Object[] names = search.rooms().get().stream().map(RoomId::value).toArray();
      sql.add(" AND m.room = ANY (?)", connection.createArrayOf("text", names));
    } else {
      sql.add(" AND m.room <> ALL (ARRAY (SELECT room FROM deleted_rooms))");
    }
  }

  private Optional<RoomId> one() {
    return search.rooms().filter(rooms -> rooms.size() == 1).map(List::getFirst);
  }

  private int looked() {
    // Those of one room lie apart from each other.
    return one().isPresent() ? Limits.SEARCH_LOOKED_AT_OF_ROOM : Limits.SEARCH_LOOKED_AT;
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

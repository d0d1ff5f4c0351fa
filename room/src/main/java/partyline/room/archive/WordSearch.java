package partyline.room.archive;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import partyline.room.Archive.Hit;
import partyline.room.Archive.Search;
import partyline.room.EventId;
import partyline.room.RoomId;

/**
 * Looks for words. As the language of a room is not known, words are taken as they are written:
 * none is left out as too common, and {@code run} does not find {@code running}.
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

  private final Connection connection;

  WordSearch(Connection connection) {
    this.connection = connection;
  }

  List<Hit> run(Search search) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql(search))) {
      int next = 1;
      statement.setString(next++, search.words());
      statement.setString(next++, search.words());
      if (search.rooms().isPresent()) {
        List<RoomId> rooms = search.rooms().get();
        if (rooms.size() == 1) {
          statement.setString(next++, rooms.getFirst().value());
        } else {
          Object[] names = rooms.stream().map(RoomId::value).toArray();
          statement.setArray(next++, connection.createArrayOf("text", names));
        }
      }
      if (search.before().isPresent()) {
        EventId before = search.before().get();
        statement.setLong(next++, before.ms());
        statement.setLong(next++, before.seq());
      }
      statement.setInt(next, search.limit());
      var hits = new ArrayList<Hit>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          hits.add(new Hit(MessageRow.read(rows), html(rows.getString("headline"))));
        }
      }
      return hits;
    }
  }

  /** Of one room by its own order, in which the last one found is near; of several by all. */
  private static String sql(Search search) {
    String where =
        search
            .rooms()
            .map(rooms -> rooms.size() == 1 ? " AND m.room = ?" : " AND m.room = ANY (?)")
            .orElse(" AND NOT EXISTS (SELECT FROM deleted_rooms gone WHERE gone.room = m.room)");
    return "SELECT found.*, "
        + HEADLINE
        + " AS headline FROM (SELECT "
        + MessageRow.COLUMNS
        + ", m.text FROM messages m WHERE m.words @@ websearch_to_tsquery('simple', ?) AND "
        + MessageRow.SHOWN
        + where
        + (search.before().isPresent() ? " AND (m.ms, m.seq) < (?, ?)" : "")
        + " ORDER BY m.ms DESC, m.seq DESC LIMIT ?) AS found";
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

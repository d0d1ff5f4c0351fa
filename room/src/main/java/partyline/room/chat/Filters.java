package partyline.room.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** The words a room does not want, and what becomes of a message that holds one. */
public record Filters(Mode mode, List<String> words) {

  /** A rejected message is not written; a masked one is, with dots in their place. */
  public enum Mode {
    REJECT,
    MASK
  }

  public static final Filters NONE = new Filters(Mode.REJECT, List.of());

  public Filters {
    words = List.copyOf(words);
  }

  static Filters parse(JsonNode json) {
    var words = new ArrayList<String>();
    json.path("words").forEach(word -> Words.text(word).ifPresent(words::add));
    return new Filters(Words.constant(Mode.class, json.path("mode")).orElse(Mode.REJECT), words);
  }

  void put(ObjectNode json) {
    json.put("mode", Words.word(mode));
    var list = json.putArray("words");
    words.forEach(list::add);
  }
}

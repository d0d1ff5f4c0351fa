package partyline.room.text;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import partyline.room.Limits;

/**
 * The words and phrases a room does not want.
 *
 * <p>They match whole words only ("ass" does not match "class"), whatever their case, width or
 * invisible characters; where a script puts no spaces between its words, anywhere. A filter is a
 * tree of all its words: a text is read once, and from each place where a word may begin at most a
 * longest word far, however many words there are.
 *
 * <p>No regular expressions: what an owner types must not be able to hold a thread.
 *
 * <p>Immutable, thread-safe.
 */
public final class WordFilter {

  public static final WordFilter NONE = new WordFilter(List.of());

  private static final String MASK = "•";

  private final Node root = new Node();

  /**
   * @param words each with at least one visible character; {@link #isWord}
   */
  public WordFilter(List<String> words) {
    words.forEach(this::add);
  }

  /** Whether this can be filtered: it is short, and something of it is left after folding. */
  public static boolean isWord(String word) {
    return word.codePointCount(0, word.length()) <= Limits.FILTER_WORD_CODE_POINTS
        && Folded.of(word.strip()).length() > 0;
  }

  private void add(String word) {
    Folded folded = Folded.of(word.strip());
    Node node = root;
    for (int i = 0; i < folded.length(); i++) {
      node = node.next.computeIfAbsent(folded.point(i), _ -> new Node());
    }
    node.isWord = true;
  }

  public boolean matches(String text) {
    return !root.next.isEmpty() && !hits(text, true).isEmpty();
  }

  /** The text with a dot for each visible character of what matched. */
  public String mask(String text) {
    BitSet hits = root.next.isEmpty() ? new BitSet() : hits(text, false);
    if (hits.isEmpty()) {
      return text;
    }
    var masked = new StringBuilder(text.length());
    int point;
    for (int at = 0; at < text.length(); at += Character.charCount(point)) {
      point = text.codePointAt(at);
      if (hits.get(at) && !Character.isWhitespace(point)) {
        masked.append(MASK);
      } else {
        masked.appendCodePoint(point);
      }
    }
    return masked.toString();
  }

  /** Where the characters stand that belong to a match. */
  private BitSet hits(String text, boolean firstOnly) {
    Folded folded = Folded.of(text);
    var hits = new BitSet();
    for (int from = 0; from < folded.length(); from++) {
      int to = folded.isBoundary(from) ? longest(folded, from) : from;
      if (to > from) {
        // To the origin of the last one, so that what is invisible within goes as well.
        hits.set(folded.origin(from), folded.origin(to - 1) + 1);
        if (firstOnly) {
          return hits;
        }
      }
    }
    return hits;
  }

  /** Where the longest word ends that begins here; {@code from} if none does. */
  private int longest(Folded folded, int from) {
    int end = from;
    Node node = root;
    for (int at = from; at < folded.length(); at++) {
      node = node.next.get(folded.point(at));
      if (node == null) {
        break;
      }
      if (node.isWord && folded.isBoundary(at + 1)) {
        end = at + 1;
      }
    }
    return end;
  }

  private static final class Node {

    final Map<Integer, Node> next = new HashMap<>();
    boolean isWord;
  }
}

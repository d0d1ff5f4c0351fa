package partyline.gateway.http;

import java.util.HashMap;
import java.util.Map;

/**
 * A JavaScript module in fewer bytes: without comments and without spaces that mean nothing, and
 * with short private names ({@code #a}), which nobody outside a class can see.
 *
 * <p>It reads characters, not the language, and can because our modules write no regular expression
 * after a word or a bracket, no template within a template, and end their statements with
 * semicolons. Where that is not kept the tests fail, which run what comes of it.
 */
final class SqueezedScript {

  private static final String PUNCTUATION = "{}()[];,=<>!&|?:*.+-";

  /** After these a line goes on. */
  private static final String OPEN = ";{,([";

  /** After these a slash begins a regular expression, and after all else it divides. */
  private static final String BEFORE_EXPRESSION = "(,=:!&|?{};\n";

  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

  private final String script;
  private final StringBuilder squeezed = new StringBuilder();
  private final Map<String, String> names = new HashMap<>();
  private int at;

  static String of(String script) {
    return new SqueezedScript(script).squeeze();
  }

  private SqueezedScript(String script) {
    this.script = script;
  }

  private String squeeze() {
    while (at < script.length()) {
      char here = script.charAt(at);
      if (here == '"' || here == '\'' || here == '`') {
        copyUntil(here);
      } else if (script.startsWith("//", at)) {
        at = script.indexOf('\n', at);
      } else if (here == '/' && BEFORE_EXPRESSION.indexOf(last()) >= 0) {
        copyUntil('/');
      } else if (here == '#') {
        name();
      } else if (here == ' ') {
        space();
      } else {
        copy(here);
      }
    }
    return squeezed.toString();
  }

  /** A text or an expression, as it is. Within square brackets a slash ends none. */
  private void copyUntil(char end) {
    int from = at++;
    boolean bracketed = false;
    for (char here = script.charAt(at); here != end || bracketed; here = script.charAt(at)) {
      bracketed = end == '/' && (here == '[' || bracketed && here != ']');
      at += here == '\\' ? 2 : 1;
    }
    squeezed.append(script, from, ++at);
  }

  private void name() {
    int from = ++at;
    while (Character.isJavaIdentifierPart(script.charAt(at))) {
      at++;
    }
    String name = script.substring(from, at);
    squeezed.append('#').append(names.computeIfAbsent(name, _ -> letters(names.size())));
  }

  private static String letters(int number) {
    String last = LETTERS.substring(number % LETTERS.length(), number % LETTERS.length() + 1);
    return number < LETTERS.length() ? last : letters(number / LETTERS.length() - 1) + last;
  }

  /** Stays between words, and where two signs would become another one. */
  private void space() {
    char next = script.charAt(++at);
    boolean other = last() == next && (next == '+' || next == '-');
    if (other || PUNCTUATION.indexOf(last()) < 0 && (PUNCTUATION + " \n#").indexOf(next) < 0) {
      squeezed.append(' ');
    } else if (next == '#' && Character.isJavaIdentifierPart(last())) {
      squeezed.append(' ');
    }
  }

  private void copy(char here) {
    at++;
    if (here == '\n') {
      while (last() == ' ') {
        squeezed.setLength(squeezed.length() - 1);
      }
      if (OPEN.indexOf(last()) >= 0) {
        return;
      }
    }
    squeezed.append(here);
  }

  private char last() {
    return squeezed.isEmpty() ? '\n' : squeezed.charAt(squeezed.length() - 1);
  }
}

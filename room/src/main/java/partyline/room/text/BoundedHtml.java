package partyline.room.text;

/**
 * HTML as it is being written, up to a bound. One definition that a thousand references repeat
 * would otherwise fill the heap before anybody could measure it.
 */
final class BoundedHtml implements Appendable {

  private final StringBuilder html = new StringBuilder(512);
  private final int maxChars;

  BoundedHtml(int maxChars) {
    this.maxChars = maxChars;
  }

  @Override
  public Appendable append(CharSequence text) {
    return append(text, 0, text.length());
  }

  @Override
  public Appendable append(CharSequence text, int from, int to) {
    if (html.length() + to - from > maxChars) {
      throw new Overflow();
    }
    html.append(text, from, to);
    return this;
  }

  @Override
  public Appendable append(char character) {
    return append(String.valueOf(character));
  }

  @Override
  public String toString() {
    return html.toString();
  }

  static final class Overflow extends RuntimeException {

    private static final long serialVersionUID = 1;

    Overflow() {
      super("more HTML than is allowed", null, false, false);
    }
  }
}

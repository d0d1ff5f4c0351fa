package partyline.deploy.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

/**
 * Reads server-sent events as far as a listener needs them: the mark of a message, the id, and the
 * text of named events. Owned by one thread.
 */
final class EventReader implements LineReader.Sink {
  private static final byte[] EVENT = "event: ".getBytes(UTF_8);
  private static final byte[] ID = "id: ".getBytes(UTF_8);
  private static final byte[] DATA = "data: ".getBytes(UTF_8);
  private static final byte[] RETRY = "retry: ".getBytes(UTF_8);

  private final Mark.Finder finder;
  private final Listener listener;

  // Of the event that is being read.
  private @Nullable String name;
  private @Nullable String id;
  private @Nullable String data;
  private @Nullable Mark mark;
  private boolean any;

  /** Who is told. */
  interface Listener {
    void message(Mark mark, @Nullable String id);

    /** Any other event; a chat event without a mark has no name. */
    void other(@Nullable String name, @Nullable String id, String data);

    void retry(String millis);
  }

  EventReader(Mark.Finder finder, Listener listener) {
    this.finder = finder;
    this.listener = listener;
  }

  @Override
  public void line(byte[] bytes, int from, int to) {
    if (from == to) {
      dispatch();
    } else if (begins(bytes, from, to, DATA)) {
      any = true;
      mark = finder.find(bytes, from, to);
      data = mark == null ? rest(bytes, from, to, DATA) : "";
    } else if (begins(bytes, from, to, ID)) {
      id = rest(bytes, from, to, ID);
    } else if (begins(bytes, from, to, EVENT)) {
      name = rest(bytes, from, to, EVENT);
    } else if (begins(bytes, from, to, RETRY)) {
      listener.retry(rest(bytes, from, to, RETRY));
    }
  }

  private void dispatch() {
    if (mark != null) {
      listener.message(mark, id);
    } else if (any) {
      listener.other(name, id, data == null ? "" : data);
    }
    name = null;
    id = null;
    data = null;
    mark = null;
    any = false;
  }

  private static boolean begins(byte[] bytes, int from, int to, byte[] with) {
    return to - from >= with.length
        && java.util.Arrays.equals(bytes, from, from + with.length, with, 0, with.length);
  }

  private static String rest(byte[] bytes, int from, int to, byte[] after) {
    return new String(bytes, from + after.length, to - from - after.length, UTF_8);
  }
}

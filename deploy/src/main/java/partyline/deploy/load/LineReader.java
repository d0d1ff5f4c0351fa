package partyline.deploy.load;

import java.util.Arrays;

/** Cuts a stream of bytes into lines, however it arrives. Owned by one thread. */
final class LineReader {
  static final int LINE_BYTES = 128 * 1024;

  private byte[] left = {};
  private int leftBytes;

  /** Gets a line without its LF; the bytes are its own only during the call. */
  interface Sink {
    void line(byte[] bytes, int from, int to);
  }

  /** False once a line is longer than 128 KiB: nothing that we speak to writes such lines. */
  boolean read(byte[] bytes, int length, Sink sink) {
    int from = 0;
    for (int i = 0; i < length; i++) {
      if (bytes[i] != '\n') {
        continue;
      }
      if (leftBytes == 0) {
        sink.line(bytes, from, i);
      } else {
        if (!keep(bytes, from, i)) {
          return false;
        }
        int whole = leftBytes;
        leftBytes = 0;
        sink.line(left, 0, whole);
      }
      from = i + 1;
    }
    return keep(bytes, from, length);
  }

  private boolean keep(byte[] bytes, int from, int to) {
    int more = to - from;
    if (leftBytes + more > LINE_BYTES) {
      return false;
    }
    if (leftBytes + more > left.length) {
      left = Arrays.copyOf(left, Math.max(leftBytes + more, 2 * left.length));
    }
    System.arraycopy(bytes, from, left, leftBytes, more);
    leftBytes += more;
    return true;
  }
}

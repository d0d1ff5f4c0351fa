package partyline.deploy.check.client;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;

/** A body in chunked transfer coding, RFC 9112 §7.1, without extensions and trailers. */
final class ChunkedBody extends InputStream {
  private static final int CHUNK_BYTES = 16 * 1024 * 1024;

  private final InputStream in;
  private int left;
  private boolean begun;
  private boolean over;

  ChunkedBody(InputStream in) {
    this.in = in;
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (left == 0 && !over) {
      nextChunk();
    }
    if (over) {
      return -1;
    }
    int count = in.read(bytes, offset, Math.min(length, left));
    if (count < 0) {
      throw cut();
    }
    left -= count;
    return count;
  }

  private void nextChunk() throws IOException {
    if (begun) {
      expect('\r');
      expect('\n');
    }
    begun = true;
    left = size();
    if (left == 0) {
      expect('\r');
      expect('\n');
      over = true;
    }
  }

  private int size() throws IOException {
    int size = 0;
    int digits = 0;
    int b = next();
    for (; Character.digit(b, 16) >= 0; b = next()) {
      size = size * 16 + Character.digit(b, 16);
      if (size > CHUNK_BYTES || ++digits > 8) {
        throw new ProtocolException("a chunk larger than " + CHUNK_BYTES + " bytes");
      }
    }
    if (digits == 0 || b != '\r') {
      throw new ProtocolException("a chunk's size is no hexadecimal number");
    }
    expect('\n');
    return size;
  }

  private void expect(int wanted) throws IOException {
    int b = next();
    if (b != wanted) {
      throw new ProtocolException("byte " + b + " where a chunk should have its byte " + wanted);
    }
  }

  private int next() throws IOException {
    int b = in.read();
    if (b < 0) {
      throw cut();
    }
    return b;
  }

  private static EOFException cut() {
    return new EOFException("cut before the last chunk");
  }
}

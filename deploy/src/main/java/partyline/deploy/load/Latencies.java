package partyline.deploy.load;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/** Times in microseconds, each kept to three digits; sums of histograms lose nothing more. */
final class Latencies {
  static final int DIGITS = 3;
  static final long HIGHEST_MICROS = TimeUnit.HOURS.toMicros(1);

  private Latencies() {}

  static Histogram empty() {
    return new Histogram(HIGHEST_MICROS, DIGITS);
  }

  /**
   * Within what a histogram holds. A clock that was set back in between gives less than nothing.
   */
  static long bounded(long micros) {
    return Math.clamp(micros, 0, HIGHEST_MICROS);
  }

  static String encode(Histogram histogram) {
    ByteBuffer bytes = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
    int length = histogram.encodeIntoCompressedByteBuffer(bytes);
    return Base64.getEncoder().encodeToString(java.util.Arrays.copyOf(bytes.array(), length));
  }

  static Histogram decode(String text) {
    try {
      return Histogram.decodeFromCompressedByteBuffer(
          ByteBuffer.wrap(Base64.getDecoder().decode(text)), HIGHEST_MICROS);
    } catch (DataFormatException e) {
      throw new IllegalArgumentException("not a histogram", e);
    }
  }
}

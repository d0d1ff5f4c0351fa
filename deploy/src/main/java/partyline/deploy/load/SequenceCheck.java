package partyline.deploy.load;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether one listener hears one room's messages as 1, 2, 3… Owned by one thread.
 *
 * <p>Heard 1 2 5 4 4: after 5 two are skipped (a gap of two), 4 comes out of order, the second 4 is
 * a duplicate, and 3 stays missing unless it still comes.
 */
final class SequenceCheck {
  /**
   * Of the numbers that were skipped, so many are remembered; past that all late ones count as
   * duplicates.
   */
  static final int SKIPPED_KEPT = 10_000;

  private long last;
  private long distinct;
  private @Nullable Set<Long> skipped;

  enum Verdict {
    NEXT,
    AFTER_A_GAP,
    OUT_OF_ORDER,
    DUPLICATE
  }

  Verdict heard(long number) {
    if (number == last + 1) {
      last = number;
      distinct++;
      return Verdict.NEXT;
    }
    if (number > last) {
      skip(number);
      last = number;
      distinct++;
      return Verdict.AFTER_A_GAP;
    }
    if (skipped != null && skipped.remove(number)) {
      distinct++;
      return Verdict.OUT_OF_ORDER;
    }
    return Verdict.DUPLICATE;
  }

  /** How many different messages were heard. */
  long distinct() {
    return distinct;
  }

  private void skip(long number) {
    if (skipped == null) {
      skipped = new HashSet<>();
    }
    for (long i = last + 1; i < number && skipped.size() < SKIPPED_KEPT; i++) {
      skipped.add(i);
    }
  }
}

package partyline.room;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;

/** How much may still go into one page: entries of any size, but not many of the longest. */
final class MemoryPage {

  private int bytesLeft = Limits.PAGE_BYTES;

  /**
   * Takes entries until there are {@code limit}, or no bytes are left; one in any case.
   *
   * @return whether the stream goes on behind them
   */
  <E extends LogEntry> boolean take(Collection<E> rest, int limit, List<? super E> into) {
    int taken = 0;
    for (E entry : rest) {
      if (taken == limit || taken > 0 && bytesLeft <= 0) {
        return true;
      }
      into.add(entry);
      taken++;
      bytesLeft -= bytes(entry);
    }
    return false;
  }

  private static int bytes(LogEntry entry) {
    return switch (entry) {
      case Event event -> EventCodec.pack(event).getBytes(StandardCharsets.UTF_8).length;
      case Epoch epoch -> epoch.branch().toString().length();
      case LogEntry.Unreadable unreadable -> unreadable.id().toString().length();
    };
  }
}

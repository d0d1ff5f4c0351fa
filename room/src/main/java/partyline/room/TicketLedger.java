package partyline.room;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * Which tickets have been used. A ticket must be used soon after it was made, and can be used again
 * only if it was.
 *
 * <p>Thread-safe; stages complete on an I/O thread that must not be blocked, and fail with {@link
 * LogUnavailable} only.
 */
public interface TicketLedger {

  /**
   * Notes that a ticket was used.
   *
   * @param ticket its id
   * @param length how long that is remembered: until the ticket ends
   */
  CompletionStage<Void> use(String ticket, Duration length);

  CompletionStage<Boolean> wasUsed(String ticket);
}

package partyline.room;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Who is kept out of the whole site: whose tokens were revoked, and who is banned.
 *
 * <p>There are few of them and every request must know, so each node keeps them all. It hears of
 * each change on the control channel ({@link FeedListener#shutout}), and asks for all of them when
 * it connects and whenever the version is not the one it knows: pub/sub tells at once, the version
 * tells for sure.
 *
 * <p>A revocation is kept as long as the longest token lives, and then concerns nobody. Times are
 * those of the log's clock. Thread-safe; stages complete on an I/O thread that must not be blocked,
 * and fail with {@link LogUnavailable} only.
 */
public interface Shutouts {

  /**
   * Refuses all tokens of this user that were issued up to now.
   *
   * @return empty if there are {@link Limits#SHUTOUTS} revocations already
   */
  CompletionStage<Optional<Shutout.Revoked>> revoke(UserId user);

  /**
   * Keeps this user out.
   *
   * @param length empty for a ban without an end
   * @param by who says so
   * @param reason for those who look it up later; may be empty
   * @return empty if there are {@link Limits#SHUTOUTS} bans already
   */
  CompletionStage<Optional<Shutout.Banned>> ban(
      UserId user, Optional<Duration> length, UserId by, String reason);

  /** Lets this user in again; harmless if there is no ban. */
  CompletionStage<Void> unban(UserId user);

  /**
   * All that holds just now.
   *
   * @param known a version that the caller has all of; -1 for none
   */
  CompletionStage<Standing> standing(long known);

  /**
   * @param version rises with each change
   * @param shutouts empty if the version is the one that was known
   */
  record Standing(long version, Optional<List<Shutout>> shutouts) {}
}

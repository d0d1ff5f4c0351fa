package partyline.room;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What everything promises that keeps people out. */
public abstract class ShutoutsContract {
  private static final UserId ADA = new UserId("ada");
  private static final UserId BLANKS = new UserId("a b  c");
  private static final UserId SITE = new UserId("site");
  private static final Duration HOUR = Duration.ofHours(1);

  /** With nobody shut out. */
  protected abstract Shutouts shutouts();

  /** What was told so far on the control channel, in order. */
  protected abstract List<Shutout> told();

  @Test
  void who_is_revoked_banned_or_let_in_again_stands_there_and_was_told() {
    Shutout revoked = await(shutouts().revoke(ADA)).orElseThrow();
    Shutout banned =
        await(shutouts().ban(BLANKS, Optional.of(HOUR), SITE, "\"spam\"")).orElseThrow();
    Shutout endless = await(shutouts().ban(SITE, Optional.empty(), SITE, "")).orElseThrow();

    assertThat(all()).containsExactlyInAnyOrder(revoked, banned, endless);
    awaitTold(revoked, banned, endless);

    await(shutouts().unban(BLANKS));

    assertThat(all()).containsExactlyInAnyOrder(revoked, endless);
    awaitTold(revoked, banned, endless, new Shutout.Readmitted(BLANKS));
  }

  @Test
  void who_knows_the_version_is_told_nothing_new() {
    await(shutouts().revoke(ADA));
    long version = await(shutouts().standing(-1)).version();

    assertThat(await(shutouts().standing(version)).shutouts()).isEmpty();

    await(shutouts().revoke(ADA));
    Shutouts.Standing next = await(shutouts().standing(version));
    assertThat(next.version()).isEqualTo(version + 1);
    assertThat(next.shutouts()).isPresent();
  }

  @Test
  void a_ban_without_an_end_replaces_one_with_an_end() {
    await(shutouts().ban(ADA, Optional.of(HOUR), SITE, ""));
    await(shutouts().ban(ADA, Optional.empty(), SITE, ""));

    assertThat(all()).containsExactly(new Shutout.Banned(ADA, Optional.empty()));
  }

  @Test
  void letting_in_who_was_never_banned_is_harmless() {
    await(shutouts().unban(ADA));

    assertThat(all()).isEmpty();
  }

  private List<Shutout> all() {
    return await(shutouts().standing(-1)).shutouts().orElseThrow();
  }

  private void awaitTold(Shutout... expected) {
    partyline.room.process.Eventually.holds("all was told", () -> told().equals(List.of(expected)));
  }

  private static <T> T await(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }
}

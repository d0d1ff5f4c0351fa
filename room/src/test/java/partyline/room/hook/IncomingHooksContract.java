package partyline.room.hook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import partyline.room.Limits;
import partyline.room.RoomId;

/** What every keeper of incoming hooks promises. */
public abstract class IncomingHooksContract {

  /** Without any. */
  protected abstract IncomingHooks hooks();

  @Test
  void one_is_found_by_its_name_and_by_its_token() {
    IncomingHook ci = hook("ci", "t1");
    await(hooks().put(ci));

    assertThat(await(hooks().find("ci"))).contains(ci);
    assertThat(await(hooks().findByToken(ci.tokenHash()))).contains(ci);
    assertThat(await(hooks().findByToken(IncomingHook.hash("other")))).isEmpty();
    assertThat(await(hooks().find("other"))).isEmpty();
  }

  @Test
  void a_token_that_was_replaced_leads_nowhere() {
    await(hooks().put(hook("ci", "t1")));

    await(hooks().put(hook("ci", "t2")));

    assertThat(await(hooks().findByToken(IncomingHook.hash("t1")))).isEmpty();
    assertThat(await(hooks().findByToken(IncomingHook.hash("t2")))).isPresent();
  }

  @Test
  void one_that_was_removed_leads_nowhere() {
    await(hooks().put(hook("ci", "t1")));

    assertThat(await(hooks().remove("ci"))).isTrue();
    assertThat(await(hooks().remove("ci"))).isFalse();
    assertThat(await(hooks().find("ci"))).isEmpty();
    assertThat(await(hooks().findByToken(IncomingHook.hash("t1")))).isEmpty();
  }

  @Test
  void there_is_an_end_to_how_many_there_can_be() {
    for (int i = 0; i < Limits.INCOMING_HOOKS; i++) {
      await(hooks().put(hook("h" + i, "t" + i)));
    }

    assertThat(await(hooks().put(hook("more", "t")))).isFalse();
    assertThat(await(hooks().put(hook("h0", "t")))).isTrue();
  }

  private static IncomingHook hook(String name, String token) {
    return new IncomingHook(
        name,
        new RoomId("lobby"),
        "CI",
        Optional.of("https://example.com/ci.png"),
        IncomingHook.hash(token),
        Instant.parse("2026-01-01T00:00:00Z"));
  }

  protected static <T> T await(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }
}

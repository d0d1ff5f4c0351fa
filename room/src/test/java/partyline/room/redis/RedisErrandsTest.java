package partyline.room.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.room.redis.RedisEdge.LOBBY;
import static partyline.room.redis.RedisEdge.await;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import partyline.room.Errands.Errand;
import partyline.room.Errands.Kind;
import partyline.room.Errands.State;
import partyline.room.Limits;
import partyline.room.UserId;

/** What an erasure does to Redis; what it comes to is the subject of {@code ErrandsTest}. */
final class RedisErrandsTest {
  private static final int EACH = 3 * Limits.TRACES_SLICE_FIELDS;
  private static final Pattern CALLS = Pattern.compile("cmdstat_evalsha:calls=(\\d+)");

  @RegisterExtension static final EmptyRedis redis = new EmptyRedis();

  private final RedisKeys keys = redis.connections().keys();
  private final RedisErrands errands = new RedisErrands(redis.connections());

  @Test
  void what_is_left_of_one_in_a_large_room_goes_in_slices_and_nothing_of_others_with_it() {
    for (int i = 0; i < EACH; i++) {
      traces(i, "ada", "Ada");
      traces(EACH + i, "bob", "Bob");
    }
    redis.command("CONFIG", "RESETSTAT");

    await(errands.forgetTraces(LOBBY, new UserId("ada")));

    for (String hash : List.of(keys.amended(LOBBY), keys.reports(LOBBY), keys.state(LOBBY))) {
      List<String> left = values(hash);
      assertThat(left).hasSize(2 * EACH).noneMatch(text -> text.contains("Ada"));
      assertThat(left.stream().filter(text -> text.contains("Bob"))).hasSize(EACH);
      assertThat(left.stream().filter(text -> text.contains("ada"))).hasSize(EACH);
    }
    assertThat(values(keys.read(LOBBY))).containsExactly("2-0");
    assertThat(scriptsRun()).isGreaterThanOrEqualTo(3 * 2 * EACH / Limits.TRACES_SLICE_FIELDS / 2);
  }

  @Test
  void what_has_ended_stays_as_it_ended_whatever_who_stood_still_notes_of_it() {
    Errand errand = await(errands.ask(Kind.EXPORT, new UserId("ada"))).orElseThrow();
    Errand begun = errand.at("room 0-0 lobby", 1);
    await(errands.note(begun));
    await(errands.keep(errand.id(), 0, "hers", Duration.ofDays(1)));
    await(errands.note(begun.grown().ended()));

    // A worker that was stopped in the middle of a step goes on with it.
    await(errands.keep(errand.id(), 1, "hers again", Duration.ofDays(1)));
    await(errands.note(begun.at("room 7-0 lobby", 1)));

    Errand found = await(errands.find(errand.id())).orElseThrow();
    assertThat(found.state()).isEqualTo(State.DONE);
    assertThat(found.chunks()).isEqualTo(1);
    assertThat(await(errands.chunk(errand.id(), 0))).contains("hers");
    assertThat(await(errands.chunk(errand.id(), 1))).isEmpty();
    assertThat(await(errands.next())).isEmpty();
  }

  private void traces(int number, String id, String name) {
    String by = "{\"id\":\"%s\",\"name\":\"%s\",\"kind\":\"member\"}".formatted(id, name);
    redis.command(
        "HSET",
        keys.amended(LOBBY),
        number + "-0",
        number + " 1000 {\"kind\":\"user\",\"by\":" + by + ",\"deleted_at\":\"then\"}");
    redis.command(
        "HSET",
        keys.reports(LOBBY),
        Integer.toString(number),
        String.join("\n", "1000", number + "-0", id, name, "rude, says " + name));
    redis.command(
        "HSET",
        keys.state(LOBBY),
        "ban:user-" + number,
        "{\"by\":\"%s\",\"reason\":\"rude, says %s\"}".formatted(id, name));
    redis.command("HSET", keys.read(LOBBY), id, id.equals("ada") ? "1-0" : "2-0");
  }

  private static List<String> values(String hash) {
    List<?> values = (List<?>) Objects.requireNonNull(redis.command("HVALS", hash));
    return values.stream().map(String::valueOf).toList();
  }

  private static int scriptsRun() {
    var stats = CALLS.matcher(String.valueOf(redis.command("INFO", "commandstats")));
    return stats.find() ? Integer.parseInt(stats.group(1)) : 0;
  }
}

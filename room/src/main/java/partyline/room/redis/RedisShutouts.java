package partyline.room.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import partyline.room.Limits;
import partyline.room.Shutout;
import partyline.room.Shutouts;
import partyline.room.UserId;

/** Who is kept out, on Redis; front of shut_out.lua and shutouts.lua. */
public final class RedisShutouts implements Shutouts {

  private static final LuaScript SHUT_OUT = LuaScript.load("shut_out");
  private static final LuaScript STANDING = LuaScript.load("shutouts");
  private static final String ENDLESS = "-1";

  private final RedisKeys keys;
  private final RedisCalls calls;

  public RedisShutouts(RedisConnections connections) {
    this.keys = connections.keys();
    this.calls = connections.calls();
  }

  @Override
  public CompletionStage<Optional<Shutout.Revoked>> revoke(UserId user) {
    return run("revoke", user, ENDLESS, "", "")
        .thenApply(
            done -> done.map(second -> new Shutout.Revoked(user, Instant.ofEpochSecond(second))));
  }

  @Override
  public CompletionStage<Optional<Shutout.Banned>> ban(
      UserId user, Optional<Duration> length, UserId by, String reason) {
    String seconds = length.map(time -> Long.toString(time.toSeconds())).orElse(ENDLESS);
    return run("ban", user, seconds, by.value(), reason)
        .thenApply(done -> done.map(second -> banned(user, second)));
  }

  @Override
  public CompletionStage<Void> unban(UserId user) {
    return run("unban", user, ENDLESS, "", "").thenAccept(done -> {});
  }

  private CompletionStage<Optional<Long>> run(
      String what, UserId user, String seconds, String by, String reason) {
    var names = List.of(keys.revoked(), keys.banned(), keys.person(user), keys.shutouts());
    var args =
        List.of(
            what,
            user.value(),
            kept(),
            Integer.toString(Limits.SHUTOUTS),
            keys.control(),
            seconds,
            by,
            reason);
    return calls
        .repeatable(redis -> SHUT_OUT.over(keys).run(redis, names, args))
        .thenApply(reply ->
            reply.text(0).equals("done") ? Optional.of(reply.number(1)) : Optional.empty());
  }

  @Override
  public CompletionStage<Standing> standing(long known) {
    var names = List.of(keys.revoked(), keys.banned(), keys.shutouts());
    var args = List.of(Long.toString(known), kept());
    return calls
        .repeatable(redis -> STANDING.run(redis, names, args))
        .thenApply(RedisShutouts::standing);
  }

  private static Standing standing(Reply reply) {
    long version = Long.parseLong(reply.text(0));
    if (reply.size() == 1) {
      return new Standing(version, Optional.empty());
    }
    var all = new ArrayList<Shutout>();
    Reply revoked = reply.list(1);
    for (int i = 0; i < revoked.size(); i += 2) {
      all.add(
          new Shutout.Revoked(
              new UserId(revoked.text(i)), Instant.ofEpochSecond(seconds(revoked.text(i + 1)))));
    }
    Reply banned = reply.list(2);
    for (int i = 0; i < banned.size(); i += 2) {
      String ends = banned.text(i + 1);
      all.add(banned(new UserId(banned.text(i)), ends.equals("inf") ? -1 : seconds(ends)));
    }
    return new Standing(version, Optional.of(List.copyOf(all)));
  }

  /** As the control channel tells it: {@code <version> <word> <second> <user>}. */
  static Shutout told(String word, long second, UserId user) {
    return switch (word) {
      case "revoked" -> new Shutout.Revoked(user, Instant.ofEpochSecond(second));
      case "banned" -> banned(user, second);
      case "readmitted" -> new Shutout.Readmitted(user);
      default -> throw new IllegalArgumentException("a shutout that is " + word);
    };
  }

  private static Shutout.Banned banned(UserId user, long second) {
    return new Shutout.Banned(
        user, second < 0 ? Optional.empty() : Optional.of(Instant.ofEpochSecond(second)));
  }

  /** A score as Redis writes it, which may be 1.7e+09. */
  private static long seconds(String score) {
    return (long) Double.parseDouble(score);
  }

  /** What a token may be older than, and still not be over. */
  private static String kept() {
    return Long.toString(Limits.TOKEN_LIFE.plus(Limits.TOKEN_LEEWAY.multipliedBy(2)).toSeconds());
  }
}

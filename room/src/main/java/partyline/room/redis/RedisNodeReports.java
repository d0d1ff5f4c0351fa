package partyline.room.redis;

import io.lettuce.core.KeyValue;
import io.lettuce.core.SetArgs;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import partyline.room.Limits;
import partyline.room.NodeReports;

/** The reports of nodes on Redis, each a key that ends by itself; front of node_report.lua. */
public final class RedisNodeReports implements NodeReports {

  private static final LuaScript REPORT = LuaScript.load("node_report");

  private static final String LEAVING = "leaving";

  private final RedisKeys keys;
  private final RedisCalls calls;

  public RedisNodeReports(RedisConnections connections) {
    this.keys = connections.keys();
    this.calls = connections.calls();
  }

  @Override
  public CompletionStage<Heard> say(String node, String json, Burden burden) {
    var named = List.of(keys.reports(), keys.report(node), keys.leave(node), keys.burdens());
    var args = List.of(node, json, Long.toString(Limits.REPORT_FRESH.toMillis()), word(burden));
    // Not twice: the second answer would not know any more that somebody had asked.
    return calls.once(redis -> REPORT.run(redis, named, args)).thenApply(RedisNodeReports::heard);
  }

  private static String word(Burden burden) {
    return switch (burden) {
      case Burden.None() -> "";
      case Burden.Leaving() -> LEAVING;
      case Burden.Streams(int open) -> Integer.toString(open);
    };
  }

  private static Heard heard(Reply reply) {
    var spread =
        new Spread(
            Integer.parseInt(reply.text(2)),
            Long.parseLong(reply.text(3)),
            Long.parseLong(reply.text(4)),
            Integer.parseInt(reply.text(5)));
    return new Heard(Long.parseLong(reply.text(0)), reply.flag(1), spread);
  }

  @Override
  public CompletionStage<Void> leave(String node) {
    return calls
        .repeatable(redis -> redis.del(keys.report(node)))
        .thenCompose(gone -> calls.repeatable(redis -> redis.zrem(keys.reports(), node)))
        .thenCompose(gone -> calls.repeatable(redis -> redis.hdel(keys.burdens(), node)))
        .thenAccept(gone -> {});
  }

  @Override
  public CompletionStage<List<String>> all() {
    return calls
        .repeatable(redis -> redis.zrange(keys.reports(), 0, -1))
        .thenCompose(nodes -> nodes.isEmpty() ? none() : of(nodes.stream().sorted().toList()));
  }

  private static CompletionStage<List<String>> none() {
    return CompletableFuture.completedFuture(List.of());
  }

  private CompletionStage<List<String>> of(List<String> nodes) {
    String[] named = nodes.stream().map(keys::report).toArray(String[]::new);
    return calls
        .repeatable(redis -> redis.mget(named))
        .thenApply(
            found -> found.stream().filter(KeyValue::hasValue).map(KeyValue::getValue).toList());
  }

  @Override
  public CompletionStage<Void> askToLeave(String node) {
    var args = SetArgs.Builder.px(Limits.REPORT_FRESH.toMillis());
    return calls.repeatable(redis -> redis.set(keys.leave(node), "1", args)).thenAccept(done -> {});
  }
}

package partyline.room.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisScriptingAsyncCommands;
import io.lettuce.core.internal.ExceptionFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import partyline.room.LogUnavailable;

/**
 * A script of Redis: a file beside this class, run by its digest.
 *
 * <p>The digest is computed here, so nothing has to be loaded at start; a Redis that does not know
 * it (restarted, promoted, flushed) gets the source once more. Functions that scripts share stand
 * in files of their own, and are put in front of those that name them.
 */
final class LuaScript {

  private static final String TELL = "redis.call('PUBLISH'";
  private static final String TELL_SHARD = "redis.call('SPUBLISH'";

  private final String source;
  private final String digest;
  private final LuaScript sharded;

  private LuaScript(String source) {
    this.source = source;
    this.digest = sha1(source);
    String forShards = source.replace(TELL, TELL_SHARD);
    this.sharded = forShards.equals(source) ? this : new LuaScript(forShards);
  }

  /**
   * @param name the script: {@code append} is append.lua
   * @param preludes what it builds on, in the order in which they build on each other
   */
  static LuaScript load(String name, String... preludes) {
    var source = new StringBuilder();
    for (String prelude : preludes) {
      source.append(read(prelude)).append('\n');
    }
    return new LuaScript(source.append(read(name)).toString());
  }

  /**
   * The script as it publishes on these channels. Whatever publishes is run by this one: where
   * channels are sharded nobody hears a PUBLISH.
   */
  LuaScript over(RedisKeys keys) {
    return keys.sharded() ? sharded : this;
  }

  /** Fails as Lettuce does; the reply is always a list. */
  CompletionStage<Reply> run(
      RedisScriptingAsyncCommands<String, String> redis, List<String> keys, List<String> args) {
    String[] keyArray = keys.toArray(String[]::new);
    String[] argArray = args.toArray(String[]::new);
    return evalsha(redis, keyArray, argArray)
        .exceptionallyCompose(failure -> {
          Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
          if (!(cause instanceof RedisNoScriptException)) {
            return CompletableFuture.failedStage(failure);
          }
          // Both at once: on one connection, Redis has the script when it comes to the second.
          var loaded = redis.scriptLoad(source);
          return evalsha(redis, keyArray, argArray).thenCombine(loaded, (reply, sha) -> reply);
        });
  }

  /** One of several calls in one; see each.lua, on which its script builds. */
  record Call(List<String> keys, List<String> args) {}

  /**
   * Runs a script for several calls at once. Fails as a whole only if Redis refused every one, as
   * it refused the first.
   *
   * @param keys what the calls share; the script knows how much that is
   * @return in the order of the calls; each to be asked {@link #accepted whether it is one}
   */
  CompletionStage<List<Reply>> runEach(
      RedisScriptingAsyncCommands<String, String> redis,
      List<String> keys,
      List<String> args,
      List<Call> calls) {
    var allKeys = new ArrayList<>(keys);
    var allArgs = new ArrayList<>(args);
    allArgs.add(Integer.toString(calls.size()));
    for (Call call : calls) {
      allKeys.addAll(call.keys());
      allArgs.add(Integer.toString(call.keys().size()));
      allArgs.add(Integer.toString(call.args().size()));
    }
    calls.forEach(call -> allArgs.addAll(call.args()));
    return run(redis, allKeys, allArgs).thenApply(LuaScript::each);
  }

  private static List<Reply> each(Reply all) {
    List<Reply> replies = IntStream.range(0, all.size()).mapToObj(all::list).toList();
    if (replies.stream().allMatch(LuaScript::isRefused)) {
      throw refusal(replies.getFirst());
    }
    return replies;
  }

  /** The reply to one of several calls; throws {@link LogUnavailable} if Redis refused that. */
  static Reply accepted(Reply reply) {
    if (isRefused(reply)) {
      throw RedisFailure.of(refusal(reply)).asLogUnavailable();
    }
    return reply;
  }

  private static boolean isRefused(Reply reply) {
    return "failed".equals(reply.values().getFirst());
  }

  private static RedisCommandExecutionException refusal(Reply reply) {
    return ExceptionFactory.createExecutionException(reply.text(1));
  }

  private CompletionStage<Reply> evalsha(
      RedisScriptingAsyncCommands<String, String> redis, String[] keys, String[] args) {
    return redis
        .<List<Object>>evalsha(digest, ScriptOutputType.MULTI, keys, args)
        .thenApply(Reply::new);
  }

  private static String read(String name) {
    try (var in = LuaScript.class.getResourceAsStream(name + ".lua")) {
      if (in == null) {
        throw new IllegalStateException("no script " + name + ".lua on the class path");
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sha1(String source) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-1").digest(source.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}

package partyline.room.redis;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import partyline.room.Limits;
import partyline.room.hook.IncomingHook;
import partyline.room.hook.IncomingHooks;

/** Incoming hooks on Redis; front of hook_put.lua, hook_remove.lua and hook_find.lua. */
public final class RedisIncomingHooks implements IncomingHooks {

  private static final LuaScript PUT = LuaScript.load("hook_put");
  private static final LuaScript REMOVE = LuaScript.load("hook_remove");
  private static final LuaScript FIND = LuaScript.load("hook_find");

  private final RedisKeys keys;
  private final RedisCalls calls;

  public RedisIncomingHooks(RedisConnections connections) {
    this.keys = connections.keys();
    this.calls = connections.calls();
  }

  @Override
  public CompletionStage<Optional<IncomingHook>> find(String name) {
    return calls
        .repeatable(redis -> redis.hget(keys.incoming(), name))
        .thenApply(text -> Optional.ofNullable(text).map(kept -> IncomingHook.parse(name, kept)));
  }

  @Override
  public CompletionStage<Optional<IncomingHook>> findByToken(String tokenHash) {
    return calls
        .repeatable(redis -> FIND.run(redis, names(), List.of(tokenHash)))
        .thenApply(reply ->
            reply.size() == 0
                ? Optional.empty()
                : Optional.of(IncomingHook.parse(reply.text(0), reply.text(1))));
  }

  @Override
  public CompletionStage<Boolean> put(IncomingHook hook) {
    var args =
        List.of(
            hook.name(), hook.toJson(), hook.tokenHash(), Integer.toString(Limits.INCOMING_HOOKS));
    return calls
        .repeatable(redis -> PUT.run(redis, names(), args))
        .thenApply(reply -> reply.flag(0));
  }

  @Override
  public CompletionStage<Boolean> remove(String name) {
    return calls
        .repeatable(redis -> REMOVE.run(redis, names(), List.of(name)))
        .thenApply(reply -> reply.flag(0));
  }

  private List<String> names() {
    return List.of(keys.incoming(), keys.incomingTokens());
  }
}

package partyline.room.hook;

import static java.util.concurrent.CompletableFuture.completedFuture;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import partyline.room.Limits;

/** The contract in memory. */
public final class MemoryIncomingHooks implements IncomingHooks {

  // Guarded by this.
  private final Map<String, IncomingHook> hooks = new HashMap<>();

  @Override
  public synchronized CompletionStage<Optional<IncomingHook>> find(String name) {
    return completedFuture(Optional.ofNullable(hooks.get(name)));
  }

  @Override
  public synchronized CompletionStage<Optional<IncomingHook>> findByToken(String tokenHash) {
    return completedFuture(
        hooks.values().stream().filter(hook -> hook.tokenHash().equals(tokenHash)).findFirst());
  }

  @Override
  public synchronized CompletionStage<Boolean> put(IncomingHook hook) {
    if (!hooks.containsKey(hook.name()) && hooks.size() >= Limits.INCOMING_HOOKS) {
      return completedFuture(false);
    }
    hooks.put(hook.name(), hook);
    return completedFuture(true);
  }

  @Override
  public synchronized CompletionStage<Boolean> remove(String name) {
    return completedFuture(hooks.remove(name) != null);
  }
}

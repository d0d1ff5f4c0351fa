package partyline.room.redis;

import io.lettuce.core.SetArgs;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import partyline.room.TicketLedger;

/** The ledger of tickets on Redis: a key for each that was used. */
public final class RedisTicketLedger implements TicketLedger {

  private final RedisKeys keys;
  private final RedisCalls calls;

  public RedisTicketLedger(RedisConnections connections) {
    this.keys = connections.keys();
    this.calls = connections.calls();
  }

  @Override
  public CompletionStage<Void> use(String ticket, Duration length) {
    var once = SetArgs.Builder.nx().px(Math.max(1, length.toMillis()));
    return calls
        .repeatable(redis -> redis.set(keys.ticket(ticket), "1", once))
        .thenAccept(done -> {});
  }

  @Override
  public CompletionStage<Boolean> wasUsed(String ticket) {
    return calls
        .repeatable(redis -> redis.exists(keys.ticket(ticket)))
        .thenApply(count -> count == 1);
  }
}

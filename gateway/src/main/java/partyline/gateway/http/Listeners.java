package partyline.gateway.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import partyline.gateway.connection.Connection;
import partyline.gateway.connection.Goodbye;
import partyline.gateway.token.Caller;
import partyline.gateway.token.ShutoutBook.Reason;
import partyline.room.UserId;

/**
 * Whose streams and polls are open on one loop, so that they can be ended. Owned by the loop.
 *
 * <p>Most people have one, and there are very many of them: those of one person form a chain, which
 * costs next to nothing where a set for each would cost more than the rest of a stream.
 */
final class Listeners {

  /** One of them, under the token it was opened with. */
  private static final class Listener {
    private final Caller caller;
    private final Connection connection;
    private @Nullable Listener next;
    private boolean gone;

    Listener(Caller caller, Connection connection, @Nullable Listener next) {
      this.caller = caller;
      this.connection = connection;
      this.next = next;
    }
  }

  /** The one that came last, by user. */
  private final Map<UserId, Listener> byUser = new HashMap<>();

  /** From now on it can be ended; the answer is what to run when it is over, perhaps twice. */
  Runnable add(Caller caller, Connection connection) {
    var listener = new Listener(caller, connection, byUser.get(caller.id()));
    byUser.put(caller.id(), listener);
    return () -> remove(listener);
  }

  private void remove(Listener listener) {
    if (!listener.gone) {
      listener.gone = true;
      byUser.computeIfPresent(listener.caller.id(), (user, first) -> without(first, listener));
    }
  }

  private static @Nullable Listener without(Listener first, Listener listener) {
    if (first == listener) {
      return first.next;
    }
    Listener before = first;
    while (before.next != null && before.next != listener) {
      before = before.next;
    }
    before.next = listener.next;
    return first;
  }

  /** Ends those of this user that are refused by now. */
  void check(UserId user, Function<Caller, Optional<Reason>> refusal) {
    // A copy: who is ended may leave at once.
    List<Listener> open = new ArrayList<>(1);
    for (Listener one = byUser.get(user); one != null; one = one.next) {
      open.add(one);
    }
    for (Listener one : open) {
      refusal.apply(one.caller).ifPresent(reason -> one.connection.end(goodbye(reason)));
    }
  }

  static Goodbye goodbye(Reason reason) {
    return switch (reason) {
      case REVOKED -> Goodbye.REVOKED;
      case BANNED -> Goodbye.FORBIDDEN;
    };
  }
}

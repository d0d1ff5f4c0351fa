package partyline.gateway.http;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import partyline.gateway.connection.Connection;
import partyline.gateway.connection.Goodbye;
import partyline.gateway.token.Caller;
import partyline.gateway.token.ShutoutBook.Reason;
import partyline.room.UserId;

/** Whose streams and polls are open on one loop, so that they can be ended. Owned by the loop. */
final class Listeners {

  /** One of them, under the token it was opened with. */
  private record Listener(Caller caller, Connection connection) {

    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }

  private final Map<UserId, Set<Listener>> byUser = new HashMap<>();

  /** From now on it can be ended; the answer is what to run when it is over. */
  Runnable add(Caller caller, Connection connection) {
    var listener = new Listener(caller, connection);
    byUser.computeIfAbsent(caller.id(), first -> new HashSet<>(2)).add(listener);
    return () -> remove(listener);
  }

  private void remove(Listener listener) {
    byUser.computeIfPresent(
        listener.caller().id(),
        (user, open) -> {
          open.remove(listener);
          return open.isEmpty() ? null : open;
        });
  }

  /** Ends those of this user that are refused by now. */
  void check(UserId user, Function<Caller, Optional<Reason>> refusal) {
    for (Listener listener : List.copyOf(byUser.getOrDefault(user, Set.of()))) {
      refusal
          .apply(listener.caller())
          .ifPresent(reason -> listener.connection().end(goodbye(reason)));
    }
  }

  static Goodbye goodbye(Reason reason) {
    return switch (reason) {
      case REVOKED -> Goodbye.REVOKED;
      case BANNED -> Goodbye.FORBIDDEN;
    };
  }
}

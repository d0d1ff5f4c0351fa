package partyline.gateway.hub;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import partyline.room.RoomLog;

/** A log that is asked as ever, and whose answers to who resumes arrive when the test says so. */
final class KeptPages {

  private final RoomLog log;
  private final Queue<Runnable> kept = new ArrayDeque<>();
  private boolean keeping;
  private int asked;

  KeptPages(RoomLog log) {
    this.log = log;
  }

  RoomLog log() {
    return (RoomLog)
        Proxy.newProxyInstance(
            RoomLog.class.getClassLoader(),
            new Class<?>[] {RoomLog.class},
            (proxy, method, arguments) -> {
              try {
                Object answer = method.invoke(log, arguments);
                return switch (method.getName()) {
                  case "rooms" -> {
                    asked++;
                    yield kept(answer);
                  }
                  case "back" -> kept(answer);
                  default -> answer;
                };
              } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
              }
            });
  }

  /** From now on pages are read at once, and wait. */
  void keep() {
    keeping = true;
  }

  /** Those that waited arrive, and nothing waits any more. */
  void letGo() {
    keeping = false;
    for (Runnable page = kept.poll(); page != null; page = kept.poll()) {
      page.run();
    }
  }

  /** How many pages were read. */
  int asked() {
    return asked;
  }

  private CompletionStage<Object> kept(Object answer) {
    var page = new CompletableFuture<Object>();
    ((CompletionStage<?>) answer)
        .whenComplete((found, failure) -> {
          Runnable arrives =
              failure == null
                  ? () -> page.complete(found)
                  : () -> page.completeExceptionally(failure);
          if (keeping) {
            kept.add(arrives);
          } else {
            arrives.run();
          }
        });
    return page;
  }
}

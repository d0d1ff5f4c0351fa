package partyline.worker;

import static java.util.Objects.requireNonNull;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import partyline.room.ArchiveUnavailable;
import partyline.room.LogUnavailable;

/**
 * Between a loop and all that it talks to. Each call of a turn is a place where the process may
 * stand still, or die; or the answer is lost, when what was asked is done.
 */
final class Gate {

  /** What happens at one call of a turn. */
  enum Trouble {
    NONE,
    STOPS,
    DIES,
    NO_ANSWER
  }

  private Trouble trouble = Trouble.NONE;
  private int callsBefore;
  private @Nullable Thread turning;
  private @Nullable Fiber fiber;

  /**
   * For the turn that begins now.
   *
   * @param callsBefore that go well
   */
  void expect(Trouble next, int callsBefore, @Nullable Fiber in) {
    trouble = next;
    this.callsBefore = callsBefore;
    fiber = in;
  }

  /** From within the turn: renewals by others meet no trouble. */
  void enter() {
    turning = Thread.currentThread();
  }

  /**
   * @param away when it can't be reached at all
   */
  <T> T before(T what, Class<T> as, BooleanSupplier away) {
    return as.cast(
        Proxy.newProxyInstance(
            as.getClassLoader(),
            new Class<?>[] {as},
            (_, method, arguments) -> call(what, method, arguments, away)));
  }

  private @Nullable Object call(
      Object what, Method method, Object @Nullable [] arguments, BooleanSupplier away)
      throws Throwable {
    Trouble now = next();
    if (now == Trouble.STOPS && fiber != null) {
      fiber.stop();
    }
    if (now == Trouble.DIES) {
      throw new Fiber.Death();
    }
    if (away.getAsBoolean()) {
      return unanswered(method);
    }
    Object answer;
    try {
      answer = method.invoke(what, arguments);
    } catch (InvocationTargetException failed) {
      throw requireNonNull(failed.getCause());
    }
    return now == Trouble.NO_ANSWER ? unanswered(method) : answer;
  }

  private Trouble next() {
    if (!Thread.currentThread().equals(turning) || trouble == Trouble.NONE || callsBefore-- > 0) {
      return Trouble.NONE;
    }
    Trouble now = trouble;
    trouble = Trouble.NONE;
    return now;
  }

  /** Whoever asked gets it. */
  @SuppressWarnings("FutureReturnValueIgnored")
  private static Object unanswered(Method method) {
    if (CompletionStage.class.isAssignableFrom(method.getReturnType())) {
      return CompletableFuture.failedFuture(new LogUnavailable("no answer"));
    }
    throw new ArchiveUnavailable("no answer");
  }
}

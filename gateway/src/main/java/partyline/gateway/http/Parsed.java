package partyline.gateway.http;

import io.vertx.ext.web.RoutingContext;
import java.util.function.Consumer;
import java.util.function.Function;

/** What became of something a client wrote: the thing itself, or what is wrong with it. */
public sealed interface Parsed<T> {

  record Good<T>(T value) implements Parsed<T> {}

  record Bad<T>(Problem problem) implements Parsed<T> {}

  static <T> Parsed<T> good(T value) {
    return new Good<>(value);
  }

  static <T> Parsed<T> bad(Problem problem) {
    return new Bad<>(problem);
  }

  default <U> Parsed<U> then(Function<T, Parsed<U>> next) {
    return switch (this) {
      case Good<T>(T value) -> next.apply(value);
      case Bad<T>(Problem problem) -> bad(problem);
    };
  }

  /** Goes on with the good, or answers with the problem. */
  default void orRefuse(RoutingContext context, Consumer<T> next) {
    switch (this) {
      case Good<T>(T value) -> next.accept(value);
      case Bad<T>(Problem problem) -> problem.send(context);
    }
  }
}

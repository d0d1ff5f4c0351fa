package partyline.gateway.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import partyline.gateway.http.Problem.Code;
import partyline.gateway.http.Problem.FieldError;

/** Gathers what is wrong with a request, so that one answer names all of it. */
final class Faults {

  private final List<FieldError> fields = new ArrayList<>();
  private Optional<Problem> other = Optional.empty();

  void add(String field, String reason) {
    fields.add(new FieldError(field, reason));
  }

  /** The value; empty after noting what is wrong with it. */
  <T> Optional<T> unless(Parsed<T> parsed) {
    return switch (parsed) {
      case Parsed.Good<T>(T value) -> Optional.of(value);
      case Parsed.Bad<T>(Problem problem) -> {
        add(problem);
        yield Optional.empty();
      }
    };
  }

  /** A problem with a code of its own comes before all fields. */
  private void add(Problem problem) {
    if (problem.code() == Code.INVALID_REQUEST) {
      fields.addAll(problem.errors());
    } else if (other.isEmpty()) {
      other = Optional.of(problem);
    }
  }

  Optional<Problem> problem() {
    if (other.isPresent()) {
      return other;
    }
    if (fields.isEmpty()) {
      return Optional.empty();
    }
    Problem invalid = Problem.of(Code.INVALID_REQUEST);
    return Optional.of(
        new Problem(invalid.code(), invalid.detail(), fields, invalid.retryAfterSeconds()));
  }
}

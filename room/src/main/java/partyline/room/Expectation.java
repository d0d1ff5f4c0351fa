package partyline.room;

import java.util.Optional;

/** A field and the bytes a decision saw in it; empty = the field was absent. */
public record Expectation(Field field, Optional<String> value) {

  public static Expectation of(Field field, String value) {
    return new Expectation(field, Optional.of(value));
  }

  public static Expectation absent(Field field) {
    return new Expectation(field, Optional.empty());
  }
}

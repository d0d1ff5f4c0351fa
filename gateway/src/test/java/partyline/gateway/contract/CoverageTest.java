package partyline.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * What is documented has been seen: an operation that nobody calls and a code that nobody meets are
 * claims without proof. Runs after all other tests of this module (see junit-platform.properties),
 * and says nothing when it runs alone.
 */
@Order(Integer.MAX_VALUE)
class CoverageTest {

  /** Codes that no test of the API meets, each with its reason. */
  private static final Map<String, String> UNSEEN_CODES = Map.of();

  @Test
  void every_documented_operation_was_answered_well_in_some_test() {
    assumeFalse(Witness.operations().isEmpty(), "alone: the other tests of the module see it");
    var unseen = new TreeSet<String>();
    Witness.contract().operations().forEach(operation -> unseen.add(operation.name()));
    unseen.removeAll(Witness.operations());
    assertThat(unseen).as("operations of openapi.yaml that no test was answered well by").isEmpty();
  }

  @Test
  void every_documented_code_was_met_in_some_test_or_says_why_not() {
    assumeFalse(Witness.operations().isEmpty(), "alone: the other tests of the module see it");
    var unseen = new TreeSet<>(Witness.contract().codes());
    unseen.removeAll(Witness.codes());
    assertThat(unseen)
        .as("codes that no test met; those that are met now need no reason any more")
        .containsExactlyInAnyOrderElementsOf(UNSEEN_CODES.keySet());
  }

  @Test
  void every_documented_event_of_a_stream_was_heard_in_some_test() {
    assumeFalse(Witness.operations().isEmpty(), "alone: the other tests of the module see it");
    var unheard = new TreeSet<String>();
    Witness.contract()
        .document()
        .findValues("x-events")
        .forEach(events -> events.fieldNames().forEachRemaining(unheard::add));
    unheard.removeAll(Witness.events());
    assertThat(unheard).as("events of streams that no test heard").isEmpty();
  }
}

package partyline.gateway.contract;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * Holds what the tests of this process see against the contract, and remembers what of the contract
 * they have seen. Static, because the tests of many classes tell it and the last one asks.
 */
public final class Witness {

  private static final Contract CONTRACT = Contract.load();
  private static final Set<String> OPERATIONS = new ConcurrentSkipListSet<>();
  private static final Set<String> CODES = new ConcurrentSkipListSet<>();
  private static final Set<String> EVENTS = new ConcurrentSkipListSet<>();

  private Witness() {}

  /** Throws {@link AssertionError} for what the contract does not allow. */
  public static void hold(Exchange exchange) {
    Contract.Judgement judgement = CONTRACT.judge(exchange);
    if (!judgement.violations().isEmpty()) {
      throw new AssertionError(report(exchange, judgement.violations()));
    }
    if (exchange.wentWell()) {
      OPERATIONS.addAll(judgement.operation().stream().map(Contract.Operation::name).toList());
    }
    judgement.code().ifPresent(CODES::add);
    EVENTS.addAll(judgement.events());
  }

  /** {@code GET /v1/me} and all the others. */
  public static List<String> documentedOperations() {
    return CONTRACT.operations().stream().map(Contract.Operation::name).toList();
  }

  static Contract contract() {
    return CONTRACT;
  }

  /** That were answered well: {@code GET /v1/me}. */
  static Set<String> operations() {
    return Set.copyOf(OPERATIONS);
  }

  static Set<String> codes() {
    return Set.copyOf(CODES);
  }

  /** Of streams, by name. */
  static Set<String> events() {
    return Set.copyOf(EVENTS);
  }

  private static String report(Exchange exchange, List<String> violations) {
    String body = exchange.body();
    return "The contract (web/openapi.yaml) does not allow what happened:\n  "
        + String.join("\n  ", violations)
        + "\n  the answer was: "
        + (body.length() > 2_000 ? body.substring(0, 2_000) + "…" : body);
  }
}

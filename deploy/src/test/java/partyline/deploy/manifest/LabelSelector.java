package partyline.deploy.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** {@code matchLabels} and {@code matchExpressions}; one without either means every pod. */
final class LabelSelector {

  private LabelSelector() {}

  static boolean matches(JsonNode selector, Map<String, String> labels) {
    return contains(selector.path("matchLabels"), labels)
        && selector
            .path("matchExpressions")
            .valueStream()
            .allMatch(expression -> holds(expression, labels));
  }

  /** The selector of a Service: labels, and nothing else. */
  static boolean contains(JsonNode wanted, Map<String, String> labels) {
    return labels.entrySet().containsAll(Manifest.labels(wanted).entrySet());
  }

  private static boolean holds(JsonNode expression, Map<String, String> labels) {
    String value = labels.get(expression.path("key").asText());
    boolean among =
        expression.path("values").valueStream().anyMatch(one -> one.asText().equals(value));
    return switch (expression.path("operator").asText()) {
      case "In" -> among;
      case "NotIn" -> !among;
      case "Exists" -> value != null;
      case "DoesNotExist" -> value == null;
      default -> throw new IllegalArgumentException("no such operator: " + expression);
    };
  }
}

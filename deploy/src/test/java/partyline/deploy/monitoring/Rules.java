package partyline.deploy.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What Prometheus is to record, and to wake people for. */
final class Rules {
  static final Path FILE = Path.of("prometheus/rules.yaml");

  private final List<JsonNode> all;

  static Rules read() throws IOException {
    return new Rules(
        Yaml.read(FILE)
            .path("groups")
            .valueStream()
            .flatMap(group -> group.path("rules").valueStream())
            .toList());
  }

  private Rules(List<JsonNode> all) {
    this.all = all;
  }

  List<JsonNode> alerts() {
    return all.stream().filter(rule -> rule.has("alert")).toList();
  }

  List<String> recorded() {
    return all.stream()
        .filter(rule -> rule.has("record"))
        .map(rule -> rule.path("record").asText())
        .toList();
  }

  List<String> expressions() {
    return all.stream().map(rule -> rule.path("expr").asText()).toList();
  }
}

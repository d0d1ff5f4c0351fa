package partyline.deploy.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.deploy.manifest.Program;

final class RulesTest {
  private static final Path HERE = Path.of(".");
  private static final Path TESTS = Path.of("prometheus/rules.test.yaml");
  private static final Path RUNBOOK = Path.of("RUNBOOK.md");
  private static final Path OF_KUBERNETES = Path.of("../k8s/components/monitoring/rules.yaml");

  @Test
  void prometheus_takes_them_and_each_alert_does_in_its_test_what_it_is_for() throws Exception {
    Program promtool = promtool();
    promtool.run(HERE, "check", "rules", Rules.FILE.toString());
    promtool.run(HERE, "test", "rules", TESTS.toString());
    promtool.run(HERE, "check", "config", "--syntax-only", "prometheus/prometheus.yaml");
  }

  @Test
  void each_alert_has_a_test_in_which_it_fires() throws Exception {
    Set<String> fired =
        Yaml.read(TESTS)
            .path("tests")
            .valueStream()
            .flatMap(test -> test.path("alert_rule_test").valueStream())
            .filter(tested -> !tested.path("exp_alerts").isEmpty())
            .map(tested -> tested.path("alertname").asText())
            .collect(Collectors.toSet());

    assertThat(Rules.read().alerts())
        .extracting(alert -> alert.path("alert").asText())
        .isNotEmpty()
        .allSatisfy(name -> assertThat(fired).contains(name));
  }

  @Test
  void each_alert_names_its_section_of_the_runbook_and_how_soon_somebody_must_look()
      throws Exception {
    Set<String> sections = sections();
    for (JsonNode alert : Rules.read().alerts()) {
      String url = alert.at("/annotations/runbook_url").asText();
      assertThat(url).startsWith("deploy/RUNBOOK.md#");
      assertThat(sections).contains(url.substring(url.indexOf('#') + 1));
      assertThat(alert.at("/labels/severity").asText()).isIn("page", "ticket");
      assertThat(alert.at("/annotations/summary").asText()).isNotEmpty();
    }
  }

  @Test
  void the_operator_of_kubernetes_is_told_the_same() throws Exception {
    assertThat(Yaml.read(OF_KUBERNETES).at("/spec/groups"))
        .as("run deploy/prometheus/kubernetes.sh")
        .isEqualTo(Yaml.read(Rules.FILE).path("groups"));
  }

  @Test
  void each_query_of_the_dashboards_is_one(@TempDir Path folder) throws Exception {
    var file = new StringBuilder("groups:\n  - name: dashboards\n    rules:\n");
    List<Dashboards.Query> queries = Dashboards.queries();
    assertThat(queries).hasSizeGreaterThan(50);
    for (int i = 0; i < queries.size(); i++) {
      file.append("      - record: query:%d\n        expr: |-\n".formatted(i))
          .append("          %s\n".formatted(queries.get(i).over("1m")));
    }
    Path rules = folder.resolve("queries.yaml");
    Files.writeString(rules, file);

    promtool().run(HERE, "check", "rules", rules.toString());
  }

  @Test
  void dashboards_are_found_by_kubernetes() throws Exception {
    String kustomization = Files.readString(Path.of("grafana/kustomization.yaml"));
    for (Path file : Dashboards.files()) {
      assertThat(kustomization).contains("dashboards/" + file.getFileName());
      assertThat(Yaml.read(file).path("uid").asText() + ".json")
          .isEqualTo(file.getFileName().toString());
    }
  }

  private static Program promtool() {
    return Program.found("promtool", "install Prometheus (Debian: apt-get install prometheus)");
  }

  /** As links to them are written. */
  private static Set<String> sections() throws IOException {
    return Files.readString(RUNBOOK)
        .lines()
        .filter(line -> line.startsWith("## "))
        .map(line -> line.substring(3).toLowerCase(Locale.ROOT).replace(' ', '-'))
        .collect(Collectors.toSet());
  }
}

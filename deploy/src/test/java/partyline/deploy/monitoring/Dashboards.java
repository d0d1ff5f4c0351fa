package partyline.deploy.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What Grafana shows. */
final class Dashboards {
  static final Path FOLDER = Path.of("grafana/dashboards");

  /** What Grafana puts there: four scrapes at least. */
  private static final String RATE_INTERVAL = "$__rate_interval";

  /**
   * @param where the dashboard and the panel's title
   * @param expression with variables in it that only Grafana knows
   */
  record Query(String where, String expression) {
    String over(String interval) {
      return expression.replace(RATE_INTERVAL, interval);
    }
  }

  private Dashboards() {}

  static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.sorted().toList();
    }
  }

  static List<Query> queries() throws IOException {
    var queries = new ArrayList<Query>();
    for (Path file : files()) {
      JsonNode board = Yaml.read(file);
      String title = board.path("title").asText();
      for (JsonNode panel : board.path("panels")) {
        for (JsonNode target : panel.path("targets")) {
          queries.add(
              new Query(
                  title + " / " + panel.path("title").asText(), target.path("expr").asText()));
        }
      }
      for (JsonNode annotation : board.at("/annotations/list")) {
        queries.add(new Query(title + " / annotations", annotation.path("expr").asText()));
      }
    }
    return queries;
  }
}

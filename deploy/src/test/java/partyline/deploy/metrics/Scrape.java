package partyline.deploy.metrics;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a process told when it was asked for its metrics.
 *
 * @param types of each metric, by the name in its TYPE line
 */
record Scrape(Map<String, String> types, List<Sample> samples) {

  /**
   * @param name with what a histogram has behind it
   */
  record Sample(String name, Map<String, String> labels, double value) {

    /** Of the metric it belongs to. */
    String metric() {
      return name.replaceAll("_(bucket|sum|count)$", "");
    }
  }

  private static final Pattern LINE =
      Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (\\S+)");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

  /**
   * @param ops where the process listens for probes
   */
  static Scrape of(URI ops) throws IOException, InterruptedException {
    try (var http = HttpClient.newHttpClient()) {
      var answer =
          http.send(
              HttpRequest.newBuilder(ops.resolve("/metrics")).build(), BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IOException(ops + " answered " + answer.statusCode() + ": " + answer.body());
      }
      return parse(answer.body());
    }
  }

  private static Scrape parse(String text) {
    var types = new LinkedHashMap<String, String>();
    var samples = new ArrayList<Sample>();
    text.lines()
        .forEach(line -> {
          if (line.startsWith("# TYPE ")) {
            String[] words = line.split(" ");
            types.put(words[2], words[3]);
          } else if (!line.startsWith("#")) {
            samples.add(sample(line));
          }
        });
    return new Scrape(types, samples);
  }

  private static Sample sample(String line) {
    Matcher match = LINE.matcher(line);
    if (!match.matches()) {
      throw new IllegalArgumentException("no sample: " + line);
    }
    var labels = new LinkedHashMap<String, String>();
    if (match.group(2) != null) {
      Matcher label = LABEL.matcher(match.group(2));
      while (label.find()) {
        labels.put(label.group(1), label.group(2));
      }
    }
    String number = match.group(3).replace("+Inf", "Infinity").replace("-Inf", "-Infinity");
    return new Sample(match.group(1), labels, Double.parseDouble(number));
  }
}

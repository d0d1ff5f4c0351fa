package partyline.deploy.soak;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import partyline.deploy.cluster.LocalCluster;
import partyline.deploy.cluster.Node;
import partyline.room.redis.local.LocalRedis;

/** What the processes of a cluster hold, by {@code <process> <what>}: bytes, or a number. */
final class Gauges {
  static final String HEAP = "heap";
  static final String DIRECT = "direct memory";
  static final String FILES = "files";
  static final String THREADS = "threads";
  static final String REDIS = "redis memory";

  /** Vert.x' own number. */
  private static final int THREADS_OF_POOL = 20;

  private static final Pattern HEAP_LINE =
      Pattern.compile("(?m)^jvm_memory_used_bytes\\{.*area=\"heap\".*} (\\S+)");
  private static final Pattern DIRECT_LINE =
      Pattern.compile("(?m)^partyline_direct_memory_bytes(?:\\{.*})? (\\S+)");

  private final LocalCluster cluster;

  Gauges(LocalCluster cluster) {
    this.cluster = cluster;
  }

  /** A gateway answers each of its first scrapes from a new thread, until the pool is full. */
  void fillPools() throws IOException, InterruptedException {
    for (Node gateway : cluster.gateways()) {
      for (int i = 0; i < THREADS_OF_POOL; i++) {
        metrics(gateway);
      }
    }
  }

  Map<String, Double> read() throws IOException, InterruptedException {
    var values = new TreeMap<String, Double>();
    for (List<Node> alike : List.of(cluster.gateways(), cluster.workers())) {
      for (Node node : alike) {
        collectGarbage(node.pid());
        String metrics = metrics(node);
        values.put(node.name() + " " + HEAP, heap(metrics));
        values.put(node.name() + " " + DIRECT, direct(metrics));
        values.put(node.name() + " " + FILES, files(node.pid()));
        values.put(node.name() + " " + THREADS, threads(node.pid()));
      }
    }
    LocalRedis redis = cluster.redis().orElseThrow();
    values.put(REDIS, memory(String.valueOf(redis.command("INFO", "memory"))));
    values.put("redis " + FILES, files(redis.pid()));
    return values;
  }

  /** What is alive counts, not what nobody has cleared away yet. */
  private static void collectGarbage(long pid) throws IOException, InterruptedException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Process asked =
        new ProcessBuilder(jcmd.toString(), Long.toString(pid), "GC.run")
            .redirectErrorStream(true)
            .start();
    String said = new String(asked.getInputStream().readAllBytes(), UTF_8);
    if (asked.waitFor() != 0) {
      throw new IOException("jcmd could not reach process " + pid + ": " + said);
    }
  }

  private static String metrics(Node node) throws IOException, InterruptedException {
    try (var http = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(URI.create(node.opsUrl() + "/metrics")).build();
      return http.send(request, BodyHandlers.ofString()).body();
    }
  }

  /** Of all kinds of it together. */
  static double heap(String metrics) {
    return sum(metrics, HEAP_LINE);
  }

  static double direct(String metrics) {
    return sum(metrics, DIRECT_LINE);
  }

  private static double sum(String metrics, Pattern line) {
    Matcher match = line.matcher(metrics);
    double sum = 0;
    boolean any = false;
    while (match.find()) {
      sum += Double.parseDouble(match.group(1));
      any = true;
    }
    if (!any) {
      throw new IllegalStateException("no metric like " + line);
    }
    return sum;
  }

  private static double files(long pid) throws IOException {
    try (var open = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      return open.count();
    }
  }

  private static double threads(long pid) throws IOException {
    try (var all = Files.list(Path.of("/proc/" + pid + "/task"))) {
      return all.count();
    }
  }

  private static double memory(String info) {
    return info.lines()
        .filter(line -> line.startsWith("used_memory:"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(':') + 1).strip()))
        .findFirst()
        .orElseThrow();
  }
}

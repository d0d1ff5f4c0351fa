package partyline.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.deploy.cluster.LocalCluster;
import partyline.deploy.load.LossyDoor;
import partyline.room.Json;

/** The tool against a real cluster, in processes of its own, as people meet it. */
final class LoadTest {
  @TempDir static Path folder;
  private static LocalCluster cluster;

  private final StringWriter out = new StringWriter();

  @BeforeAll
  static void start() {
    cluster = LocalCluster.start(folder.resolve("data"), 2, 0);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void a_cluster_that_loses_nothing_gets_a_clean_result() throws Exception {
    int code =
        load(
            cluster.urls().get(0) + "," + cluster.urls().get(1),
            "--transport=mixed",
            "--processes=2",
            "--streams=60",
            "--rooms=4",
            "--rate=40");

    assertThat(code).as("%s", out).isZero();
    JsonNode result = result();
    assertThat(result.path("clean").asBoolean()).isTrue();
    assertThat(result.path("connect").path("ready").asInt()).isEqualTo(60);
    assertThat(result.path("posts").path("acked").asInt()).isEqualTo(120);
    JsonNode heard = result.path("deliveries");
    assertThat(heard.path("events").asInt()).isEqualTo(120 * 15);
    assertThat(heard.path("expected").asInt()).isEqualTo(120 * 15);
    assertThat(heard.path("timed_per_s").asDouble()).isEqualTo(40 * 15);
    assertThat(out.toString()).contains("Nothing was lost.", " open ", "posts/s");
  }

  @Test
  void a_message_that_did_not_arrive_is_reported_and_the_exit_code_says_so() throws Exception {
    try (var door = new LossyDoor(cluster.urls().getFirst(), 7)) {
      int code = load(door.url().toString(), "--streams=6", "--rooms=2", "--rate=20");

      assertThat(code).as("%s", out).isEqualTo(1);
      JsonNode heard = result().path("deliveries");
      assertThat(heard.path("listeners_short").asInt()).isEqualTo(6);
      assertThat(heard.path("missing").asInt()).isGreaterThanOrEqualTo(6);
      assertThat(heard.path("gaps").asInt()).isGreaterThanOrEqualTo(6);
      assertThat(out.toString()).contains("deliveries are missing, at 6 listeners.");
    }
  }

  /** A listener hears one room, whose order is kept wherever it is. */
  @Test
  @Tag("more-faults")
  void how_a_cluster_divides_its_rooms_is_no_concern_of_its() throws Exception {
    Path data = folder.resolve("divided");
    try (var divided =
        LocalCluster.in(data).gateways(2).setting("PARTYLINE_PARTITIONS", "4").start()) {
      String urls = divided.urls().get(0) + "," + divided.urls().get(1);

      int code = load(urls, data, "--transport=mixed", "--streams=60", "--rooms=12", "--rate=40");

      assertThat(code).as("%s", out).isZero();
      assertThat(result().path("deliveries").path("events").asInt()).isEqualTo(120 * 5);
    }
  }

  private int load(String urls, String... options) {
    return load(urls, folder.resolve("data"), options);
  }

  private int load(String urls, Path data, String... options) {
    var line = Partyline.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(out));
    var arguments =
        Stream.concat(
                Stream.of(
                    "load",
                    "--url=" + urls,
                    "--data=" + data,
                    "--json=" + folder.resolve("result.json"),
                    "--warmup=1",
                    "--seconds=2"),
                Arrays.stream(options))
            .toArray(String[]::new);
    return line.execute(arguments);
  }

  private static JsonNode result() throws Exception {
    return Json.MAPPER.readTree(Files.readString(folder.resolve("result.json")));
  }
}

package partyline.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.room.process.SearchPath;

/** What pages load: how it is served, and that it works, by its own tests in Node.js. */
class WebModulesTest {

  private static final int SDK_BYTES = 12 * 1024;
  private static final int NODE_SECONDS = 100;

  // --- Served ----------------------------------------------------------------------------------

  @Test
  void the_sdk_is_one_module_for_pages_of_every_origin() {
    try (var api = new Api()) {
      var reply = api.get("/v1/partyline.js", "Origin: https://unknown.example\r\n");

      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.header("content-type")).contains("text/javascript; charset=utf-8");
      assertThat(reply.header("access-control-allow-origin")).contains("*");
      assertThat(reply.body())
          .contains("export function connect(")
          .doesNotContain("import {", "\n/**", "\n ");
    }
  }

  @Test
  void the_chat_is_one_module_too_and_so_is_the_page_of_a_node() {
    try (var api = new Api()) {
      var chat = api.get("/v1/partyline-chat.js", "");
      assertThat(chat.status()).isEqualTo(200);
      assertThat(chat.body())
          .contains("customElements.define(\"partyline-chat\"", "class Connection{")
          .doesNotContain("\nimport ");

      assertThat(api.get("/", "").body()).contains("v1/partyline-chat.js", "page.js");
    }
  }

  @Test
  void a_page_that_has_it_is_told_so() {
    try (var api = new Api()) {
      String etag = api.get("/v1/partyline.js", "").header("etag").orElseThrow();

      var reply = api.get("/v1/partyline.js", "If-None-Match: " + etag + "\r\n");

      assertThat(reply.status()).isEqualTo(304);
      assertThat(reply.body()).isEmpty();
    }
  }

  @Test
  void what_browsers_get_of_the_sdk_is_at_most_12_KB() throws Exception {
    WebFile file = sdk();
    byte[] compressed = file.compressed().orElseThrow().getBytes();

    assertThat(compressed.length).isLessThanOrEqualTo(SDK_BYTES);
    try (var unpacked = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
      assertThat(unpacked.readAllBytes()).isEqualTo(file.bytes().getBytes());
    }
  }

  @Test
  void an_import_that_leads_nowhere_or_out_is_refused() {
    assertThatThrownBy(() -> JoinedModule.of("modules/", "nowhere.js"))
        .hasMessageContaining("leads nowhere");
    assertThatThrownBy(() -> JoinedModule.of("modules/", "../web/page.js"))
        .hasMessageContaining("leads out");
  }

  // --- At work ---------------------------------------------------------------------------------

  @Test
  void its_modules_pass_their_tests(@TempDir Path folder) throws Exception {
    runTests(folder, Map.of());
  }

  @Test
  void joined_as_pages_get_it_it_passes_them_too(@TempDir Path folder) throws Exception {
    Path joined = folder.resolve("partyline.mjs");
    Files.write(joined, sdk().bytes().getBytes());

    runTests(folder, Map.of("PARTYLINE_SDK", joined.toString()));
  }

  @Test
  void the_chat_as_pages_get_it_is_a_module_that_a_browser_can_read(@TempDir Path folder)
      throws Exception {
    Path joined = folder.resolve("partyline-chat.mjs");
    Files.writeString(joined, JoinedModule.of(WebModules.FOLDER, "partyline-chat.js"));

    runNode(folder, List.of("--check", joined.toString()), Map.of());
  }

  @Test
  void packed_it_is_a_package_that_can_be_imported(@TempDir Path folder) throws Exception {
    Path npm = found("npm", "to see what it packs");
    run(
        folder,
        List.of(npm.toString(), "pack", "--silent", "--pack-destination", folder.toString()),
        Path.of("src/main/web"),
        Map.of("npm_config_cache", folder.resolve("cache").toString()));
    run(folder, List.of("tar", "xzf", packed(folder).toString()), folder, Map.of());

    Path module = folder.resolve("package/partyline.js");
    String use =
        "import('" + module.toUri() + "').then(({connect}) => connect({token: 't'}).close())";
    runNode(folder, List.of("--eval", use), Map.of());
    assertThat(folder.resolve("package"))
        .isDirectoryContaining("glob:**/partyline.d.ts")
        .isDirectoryContaining("glob:**/partyline-chat.d.ts")
        .isDirectoryContaining("glob:**/partyline-chat.js");
    assertThat(folder.resolve("package/chat/words/ar.js")).isNotEmptyFile();
  }

  private static Path packed(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".tgz")).findFirst().orElseThrow();
    }
  }

  private static WebFile sdk() {
    byte[] joined = JoinedModule.of(WebModules.FOLDER, "partyline.js").getBytes(UTF_8);
    return WebFile.of(joined, "text/javascript", Optional.empty());
  }

  private static void runTests(Path folder, Map<String, String> environment) throws Exception {
    var arguments = new ArrayList<>(List.of("--test"));
    arguments.addAll(tests());
    runNode(folder, arguments, environment);
  }

  private static void runNode(Path folder, List<String> arguments, Map<String, String> environment)
      throws Exception {
    Path node = found("node", "to test the SDK");
    var command = new ArrayList<>(List.of(node.toString()));
    command.addAll(arguments);
    run(folder, command, Path.of(""), environment);
  }

  private static Path found(String program, String why) {
    Optional<Path> path = SearchPath.fromEnvironment().find(program);
    assumeTrue(
        path.isPresent(),
        "There is no " + program + " on the path: install Node.js 18 or newer " + why + ".");
    return path.orElseThrow();
  }

  private static void run(
      Path folder, List<String> command, Path where, Map<String, String> environment)
      throws Exception {
    Path log = folder.resolve("node.log");
    var builder =
        new ProcessBuilder(command)
            .directory(where.toAbsolutePath().toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    boolean ended = process.waitFor(NODE_SECONDS, TimeUnit.SECONDS);
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();

    assertThat(ended && process.exitValue() == 0).as(Files.readString(log)).isTrue();
  }

  private static List<String> tests() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/test/web"))) {
      return files.map(Path::toString).filter(file -> file.endsWith(".test.js")).sorted().toList();
    }
  }
}

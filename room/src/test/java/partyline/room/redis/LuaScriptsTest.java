package partyline.room.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The scripts beside the classes that run them, by the source: each has its file and its front. */
class LuaScriptsTest {

  private static final Pattern LOADED = Pattern.compile("LuaScript\\.load\\(\\s*\"([a-z_]+)\"");
  private static final Pattern NAMED = Pattern.compile("\"([a-z_]+)\"");

  private static final Path FRONTS = Path.of("src/main/java/partyline/room/redis");
  private static final Path SCRIPTS = Path.of("src/main/resources/partyline/room/redis");

  @Test
  void each_script_has_one_front() {
    var loaded = new ArrayList<String>();
    for (String front : fronts()) {
      LOADED.matcher(front).results().forEach(found -> loaded.add(found.group(1)));
    }

    assertThat(loaded).isNotEmpty().doesNotHaveDuplicates();
    assertThat(scripts()).containsAll(loaded);
  }

  @Test
  void no_script_lies_about_unused() {
    var named = new TreeSet<String>();
    for (String front : fronts()) {
      NAMED.matcher(front).results().forEach(found -> named.add(found.group(1)));
    }

    assertThat(named).containsAll(scripts());
  }

  private static List<String> fronts() {
    return in(FRONTS, ".java").map(LuaScriptsTest::text).toList();
  }

  private static List<String> scripts() {
    return in(SCRIPTS, ".lua")
        .map(file -> file.getFileName().toString().replace(".lua", ""))
        .toList();
  }

  private static Stream<Path> in(Path folder, String ending) {
    try (var files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(ending)).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

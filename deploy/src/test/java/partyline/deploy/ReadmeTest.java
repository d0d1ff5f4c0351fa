package partyline.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import partyline.room.Settings;

/** What the README says of the program is so, and the page about faults. */
final class ReadmeTest {
  private static final Path README = Path.of("../README.md");
  private static final Pattern ROW = Pattern.compile("^\\| (`[A-Z].*?) \\|", Pattern.MULTILINE);
  private static final Pattern TEST = Pattern.compile("`(\\w+Test)`");
  private static final Pattern NAME = Pattern.compile("`([A-Z_]+)`");

  @Test
  void its_table_has_every_setting_and_no_other() throws IOException {
    String settings = section("## Settings");

    Stream<String> names =
        ROW.matcher(settings)
            .results()
            .map(MatchResult::group)
            .flatMap(row -> NAME.matcher(row).results().map(name -> name.group(1)));

    assertThat(names).containsExactlyInAnyOrderElementsOf(Settings.NAMES);
  }

  @Test
  void each_fault_names_tests_that_there_are_and_each_test_of_faults_is_named() throws IOException {
    Set<String> named =
        TEST.matcher(Files.readString(Path.of("FAULTS.md")))
            .results()
            .map(name -> name.group(1))
            .collect(Collectors.toSet());

    assertThat(tests("../room", "../gateway", "../worker", ".")).containsAll(named);
    assertThat(named).containsAll(tests("src/test/java/partyline/deploy/fault"));
  }

  private static Set<String> tests(String... folders) throws IOException {
    var tests = new HashSet<String>();
    for (String folder : folders) {
      try (var files = Files.walk(Path.of(folder))) {
        files
            .map(file -> file.toFile().getName())
            .filter(name -> name.endsWith("Test.java"))
            .forEach(name -> tests.add(name.replace(".java", "")));
      }
    }
    return tests;
  }

  private static String section(String heading) throws IOException {
    String text = Files.readString(README);
    int begin = text.indexOf("\n" + heading + "\n");
    return text.substring(begin, text.indexOf("\n## ", begin + 1));
  }
}

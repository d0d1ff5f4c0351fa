package partyline.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import partyline.room.Settings;

/** What the README says of the program is so. */
final class ReadmeTest {
  private static final Path README = Path.of("../README.md");
  private static final Pattern ROW = Pattern.compile("^\\| (`[A-Z].*?) \\|", Pattern.MULTILINE);
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

  private static String section(String heading) throws IOException {
    String text = Files.readString(README);
    int begin = text.indexOf("\n" + heading + "\n");
    return text.substring(begin, text.indexOf("\n## ", begin + 1));
  }
}

package partyline.deploy.mutation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Breaks one line of the protocol at a time, by its own command: {@code mvn -pl deploy -am test
 * -Dtest=MutationTest -DexcludedGroups=none}.
 */
final class MutationTest {
  private static final Logger LOG = LoggerFactory.getLogger(MutationTest.class);
  private static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();
  private static final int SHOWN = 3;

  static List<Mutant> mutants() {
    return Mutant.ALL;
  }

  @ParameterizedTest
  @MethodSource("mutants")
  @Tag("more-faults")
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void a_broken_line_is_noticed(Mutant mutant, @TempDir Path folder)
      throws IOException, InterruptedException {
    List<String> said = new Experiment(CHECKOUT, folder).of(mutant);

    List<String> noticed = said.stream().filter(line -> line.startsWith(Jury.NOTICED)).toList();
    assertThat(said)
        .as("whether any test was run")
        .anyMatch(line -> line.startsWith(Jury.NOTICED) || line.startsWith(Jury.PASSED));
    assertThat(noticed).as("who noticed that %s", mutant).isNotEmpty();
    LOG.warn("{}: {} tests notice", mutant, noticed.size());
    noticed.stream().distinct().limit(SHOWN).forEach(line -> LOG.warn("  {}", line));
  }

  @ParameterizedTest
  @MethodSource("mutants")
  void what_is_to_be_broken_still_stands_and_is_written_down(Mutant mutant) throws IOException {
    assertThat(mutant.places(CHECKOUT)).as("%s: %s", mutant.file(), mutant.line()).isEqualTo(1);
    assertThat(Files.readString(Path.of("FAULTS.md"))).contains("| " + mutant.name() + " |");
    for (String test : mutant.tests()) {
      String module = test.split("\\.")[1];
      Path source = CHECKOUT.resolve(module + "/src/test/java/" + test.replace('.', '/') + ".java");
      assertThat(source).exists();
    }
  }
}

package partyline.deploy.herd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A processor for Redis alone. */
final class ProcessorsTest {

  @Test
  void a_process_has_the_first_processor_and_no_other() throws IOException {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/taskset")),
        "Install taskset (Debian: util-linux) to see a processor given away.");
    Process child = new ProcessBuilder("sleep", "60").start();
    try {
      Processors.giveTheFirst(child.pid());

      assertThat(Path.of("/proc", Long.toString(child.pid()), "status"))
          .content()
          .containsPattern("(?m)^Cpus_allowed_list:\\s+" + Processors.first() + "$");
    } finally {
      child.destroyForcibly();
    }
  }
}

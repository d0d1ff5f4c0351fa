package partyline.room.archive.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.room.archive.ArchiveUrl;

@NeedsPostgres
final class LocalPostgresTest {

  @Test
  void what_was_written_is_there_after_a_kill_and_in_the_next_life(@TempDir Path folder)
      throws Exception {
    try (var postgres = LocalPostgres.in(folder)) {
      try (var connection = ArchiveUrl.parse(postgres.url()).connect();
          var statement = connection.createStatement()) {
        statement.execute("CREATE TABLE kept AS SELECT 7 AS number");
      }
      postgres.kill();
      postgres.restart();
      assertThat(kept(postgres)).isEqualTo(7);
    }

    try (var postgres = LocalPostgres.in(folder)) {
      assertThat(kept(postgres)).isEqualTo(7);
    }
  }

  @Test
  void a_temporary_one_leaves_nothing_behind() {
    long pid;
    try (var postgres = LocalPostgres.temporary()) {
      pid = postgres.pid();
    }

    assertThat(ProcessHandle.of(pid)).isEmpty();
  }

  private static int kept(LocalPostgres postgres) throws Exception {
    try (var connection = ArchiveUrl.parse(postgres.url()).connect();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT number FROM kept")) {
      rows.next();
      return rows.getInt(1);
    }
  }
}

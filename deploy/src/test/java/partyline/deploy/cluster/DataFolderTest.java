package partyline.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.room.Settings;
import partyline.room.process.ChildCommand;

final class DataFolderTest {
  @TempDir Path parent;

  @Test
  void the_secret_is_made_once_for_the_owner_alone() throws IOException {
    String first;
    try (var data = open()) {
      first = Files.readString(data.secret().file());
    }
    try (var data = open()) {
      Path file = data.secret().file();
      assertThat(file).hasContent(first.strip());
      assertThat(permissions(file)).isEqualTo("rw-------");
      assertThat(permissions(data.path())).isEqualTo("rwx------");
    }
    assertThat(first.strip()).matches("[0-9a-f]{64}");
  }

  @Test
  void a_secret_that_others_can_read_is_closed_to_them() throws IOException {
    try (var data = open()) {
      Path file = data.secret().file();
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

      assertThat(permissions(data.secret().file())).isEqualTo("rw-------");
    }
  }

  @Test
  void a_secret_that_is_too_short_is_refused_and_kept() throws IOException {
    try (var data = open()) {
      Path file = Files.writeString(data.path().resolve("secret"), "too short\n");

      assertThatExceptionOfType(Settings.Wrong.class)
          .isThrownBy(data::secret)
          .withMessageContaining("at least 32");
      assertThat(file).hasContent("too short");
    }
  }

  @Test
  void it_waits_for_the_nodes_of_an_earlier_run() throws Exception {
    var earlier = ChildCommand.of("/bin/sh", "-c", "sleep 0.3").start();
    try (var data = open()) {
      Predecessors.note(data.pidFile("gateway-1"), earlier.pid());

      data.awaitPredecessors(Duration.ofSeconds(30));

      assertThat(earlier.isAlive()).isFalse();
      assertThat(data.pidFile("gateway-1")).doesNotExist();
    }
  }

  @Test
  void it_does_not_wait_for_a_stranger_who_was_given_the_same_pid() throws Exception {
    try (var stranger = ChildCommand.of("sleep", "300").start();
        var data = open()) {
      Files.writeString(data.pidFile("gateway-1"), stranger.pid() + " 1000000000000\n");
      long start = System.nanoTime();

      data.awaitPredecessors(Duration.ofSeconds(60));

      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
      assertThat(stranger.isAlive()).isTrue();
    }
  }

  private DataFolder open() {
    return DataFolder.open(parent.resolve("made/as/needed"));
  }

  private static String permissions(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}

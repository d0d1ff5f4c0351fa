package partyline.deploy.fault;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A disk of few megabytes, in memory. */
final class SmallDisk implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 10;
  private static final int PIECE_BYTES = 4 * 1024;

  private final Path folder;
  private final Path filling;

  /** Skips the test where nobody lets us. */
  SmallDisk(Path folder, int megabytes) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.filling = folder.resolve("filling");
    assumeTrue(
        succeeds("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs", folder + ""),
        "a small disk can't be mounted here: run this as root, where `mount` may be used");
  }

  Path folder() {
    return folder;
  }

  /** To the last byte. */
  void fill() throws IOException {
    try (OutputStream out = Files.newOutputStream(filling)) {
      while (Files.getFileStore(folder).getUsableSpace() > 0) {
        out.write(new byte[PIECE_BYTES]);
      }
    }
  }

  void makeSpace() throws IOException {
    Files.delete(filling);
  }

  private static boolean succeeds(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      return process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      process.destroyForcibly();
    }
  }

  /** Whoever wrote there must be gone. */
  @Override
  public void close() throws IOException {
    if (!succeeds("umount", folder.toString())) {
      throw new IOException(folder + " can't be unmounted");
    }
  }
}

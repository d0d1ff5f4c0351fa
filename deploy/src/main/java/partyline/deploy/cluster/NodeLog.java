package partyline.deploy.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The file a node writes its output to, over all its lives. The node writes by itself, so the last
 * words are there even if this process is killed.
 */
final class NodeLog {
  private static final long ROLLED_AT_BYTES = 8 << 20;
  private static final int READ_BYTES = 64 << 10;

  private final Path file;
  private volatile long begin;

  NodeLog(Path file) {
    this.file = file;
  }

  Path file() {
    return file;
  }

  /** From here on it is another life's; what came before is kept until the file has grown big. */
  void nextLife() {
    try {
      if (Files.exists(file) && Files.size(file) > ROLLED_AT_BYTES) {
        Files.move(file, file.resolveSibling(file.getFileName() + ".1"), REPLACE_EXISTING);
      }
      begin = Files.exists(file) ? Files.size(file) : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The last whole lines of this life, at most so many. */
  List<String> tail(int lines) {
    return tail(file, begin, lines);
  }

  /** The last whole lines of a file after that byte, at most so many. */
  static List<String> tail(Path file, long begin, int lines) {
    try (var reading = new RandomAccessFile(file.toFile(), "r")) {
      long from = Math.max(begin, reading.length() - READ_BYTES);
      reading.seek(from);
      var bytes = new byte[(int) Math.max(0, reading.length() - from)];
      reading.readFully(bytes);
      String text = new String(bytes, UTF_8);
      List<String> all = text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
      return all.subList(Math.max(0, all.size() - lines), all.size());
    } catch (IOException e) {
      return List.of("(" + file + " cannot be read: " + e + ")");
    }
  }
}

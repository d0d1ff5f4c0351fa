package partyline.room.archive.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/**
 * Unpacks a {@code .txz}: folders, files with their permission to be run, symbolic links, and names
 * of more than a hundred bytes as GNU writes them. Nothing may lie outside of the folder.
 */
final class TarXz {
  private static final int BLOCK = 512;

  private final InputStream in;
  private final Path folder;
  private @Nullable String longName;

  private TarXz(InputStream in, Path folder) {
    this.in = in;
    this.folder = folder;
  }

  static void unpack(InputStream packed, Path folder) throws IOException {
    try (var in = new BufferedInputStream(new XZInputStream(packed), 1 << 16)) {
      var tar = new TarXz(in, folder);
      while (tar.next()) {}
    }
  }

  private boolean next() throws IOException {
    byte[] head = in.readNBytes(BLOCK);
    if (head.length < BLOCK || head[0] == 0) {
      return false;
    }
    long size = octal(head, 124, 12);
    String prefix = text(head, 345, 155);
    String name = (prefix.isEmpty() ? "" : prefix + "/") + text(head, 0, 100);
    char kind = (char) head[156];
    if (kind == 'L') {
      longName = text(body(size), 0, (int) size);
      return true;
    }
    Path file = inside(longName == null ? name : longName);
    longName = null;
    switch (kind) {
      case '5' -> Files.createDirectories(file);
      case '2' -> {
        Files.createDirectories(file.getParent());
        Path target = Path.of(text(head, 157, 100));
        inside(folder.relativize(file.resolveSibling(target).normalize()).toString());
        Files.createSymbolicLink(file, target);
      }
      case '0', 0 -> {
        Files.createDirectories(file.getParent());
        Files.write(file, body(size));
        boolean runs = (octal(head, 100, 8) & 0100) != 0;
        Files.setPosixFilePermissions(
            file, PosixFilePermissions.fromString(runs ? "rwxr-xr-x" : "rw-r--r--"));
      }
      default -> body(size);
    }
    return true;
  }

  private Path inside(String name) throws IOException {
    Path file = folder.resolve(name).normalize();
    if (!file.startsWith(folder)) {
      throw new IOException("the archive would write outside of its folder: " + name);
    }
    return file;
  }

  /** The bytes of an entry; what fills its last block up is passed over. */
  private byte[] body(long size) throws IOException {
    byte[] body = in.readNBytes(Math.toIntExact(size));
    if (body.length < size) {
      throw new EOFException("the archive ends too early");
    }
    in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
    return body;
  }

  private static String text(byte[] bytes, int from, int most) {
    int end = from;
    while (end < from + most && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, from, end - from, UTF_8);
  }

  private static long octal(byte[] bytes, int from, int most) {
    String digits = text(bytes, from, most).strip();
    return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
  }
}

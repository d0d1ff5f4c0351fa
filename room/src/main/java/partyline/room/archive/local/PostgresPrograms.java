package partyline.room.archive.local;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Locale;

/**
 * The programs of PostgreSQL, unpacked from the class path into the temp folder once (15 MB become
 * 50, in about a second).
 *
 * <p>They are run later by anybody who starts an archive here, so they are trusted only in a folder
 * that is ours and that nobody else may write to. Others may read it: on a machine where we are
 * root, the server runs as somebody else.
 */
final class PostgresPrograms {

  private PostgresPrograms() {}

  /** The folder that holds {@code bin/postgres} and the rest. */
  static Path unpacked() {
    String resource = resourceName(System.getProperty("os.name"), System.getProperty("os.arch"));
    try (InputStream in = PostgresPrograms.class.getResourceAsStream("/" + resource)) {
      if (in == null) {
        throw new LocalPostgresException(
            "No PostgreSQL is bundled for this machine ("
                + resource
                + "): start one yourself and name it in ARCHIVE_URL.",
            null);
      }
      byte[] packed = in.readAllBytes();
      Path cache = cache();
      Path folder = cache.resolve(sha256(packed).substring(0, 16));
      if (!Files.exists(folder)) {
        unpack(packed, cache, folder);
      }
      return folder;
    } catch (IOException e) {
      throw new LocalPostgresException("PostgreSQL could not be unpacked: " + e, e);
    }
  }

  static String resourceName(String osName, String osArch) {
    boolean mac = osName.toLowerCase(Locale.ROOT).startsWith("mac");
    boolean arm = osArch.equals("aarch64") || osArch.equals("arm64");
    if (mac) {
      return "postgres-darwin-" + (arm ? "arm_64" : "x86_64") + ".txz";
    }
    return "postgres-linux-" + (arm ? "arm_64" : "x86_64") + ".txz";
  }

  private static Path cache() throws IOException {
    Path cache =
        Path.of(System.getProperty("java.io.tmpdir"))
            .resolve("partyline-postgres-" + System.getProperty("user.name"));
    var readable = PosixFilePermissions.fromString("rwxr-xr-x");
    if (!Files.isDirectory(cache, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectory(cache);
      Files.setPosixFilePermissions(cache, readable);
    }
    var found = Files.readAttributes(cache, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    Path own = Files.createTempFile("partyline-owner-", "");
    try {
      boolean ours =
          found.owner().equals(Files.getOwner(own)) && found.permissions().equals(readable);
      if (!ours) {
        throw new IOException(cache + " is somebody else's, or others may write to it: remove it");
      }
      return cache;
    } finally {
      Files.delete(own);
    }
  }

  /** Under another name first: who starts at the same time sees all of it or nothing. */
  private static void unpack(byte[] packed, Path cache, Path folder) throws IOException {
    Path half = Files.createTempDirectory(cache, "half-");
    try {
      Files.setPosixFilePermissions(half, PosixFilePermissions.fromString("rwxr-xr-x"));
      TarXz.unpack(new ByteArrayInputStream(packed), half);
      Files.move(half, folder, ATOMIC_MOVE);
    } catch (FileSystemException e) {
      if (!Files.exists(folder)) {
        throw e;
      }
    } finally {
      remove(half);
    }
  }

  /** With all that is in it; does nothing when it is not there. */
  static void remove(Path folder) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}

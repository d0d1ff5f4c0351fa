package partyline.room.redis.local;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The Redis server that lies on the class path as a resource, static and about 6 MB, in the jar
 * {@code org.signal:embedded-redis}. Only run time and tests carry that jar.
 *
 * <p>A program can only be run from a file, so it is extracted once into a folder of the temp
 * folder. That file is run later by anybody who starts a cluster here, so it is trusted only if its
 * folder is ours alone and its bytes are those of the resource, compared each time (some 50 ms).
 *
 * @param resource its name on the class path
 * @param loader where to look
 * @param cache the folder of the extracted program; made with mode 0700
 */
record BundledRedis(String resource, ClassLoader loader, Path cache) {

  static BundledRedis forThisMachine() {
    return new BundledRedis(
        resourceName(System.getProperty("os.name"), System.getProperty("os.arch")),
        BundledRedis.class.getClassLoader(),
        Path.of(System.getProperty("java.io.tmpdir"))
            .resolve("partyline-redis-" + System.getProperty("user.name")));
  }

  /** The jar calls them by Go's names, Java by others. */
  static String resourceName(String osName, String osArch) {
    String os = osName.toLowerCase(Locale.ROOT).startsWith("mac") ? "darwin" : "linux";
    String arch =
        switch (osArch) {
          case "amd64", "x86_64" -> "amd64";
          case "aarch64", "arm64" -> "arm64";
          case "i386", "i486", "i586", "i686", "x86" -> "386";
          default -> osArch;
        };
    return "redis-server-7.0.15-" + os + "-" + arch;
  }

  /** The extracted program; empty, with the reason added to {@code refused}, if there is none. */
  Optional<Path> extract(List<String> refused) {
    try (InputStream in = loader.getResourceAsStream(resource)) {
      if (in == null) {
        refused.add("none is bundled as " + resource);
        return Optional.empty();
      }
      byte[] program = in.readAllBytes();
      Path folder = privateFolder();
      // The digest in the name: two versions of the jar do not overwrite each other's program.
      Path file = folder.resolve(resource + "-" + sha256(program).substring(0, 16));
      if (!holds(file, program)) {
        write(file, program);
      }
      return Optional.of(file);
    } catch (IOException e) {
      refused.add("the bundled one could not be extracted: " + e);
      return Optional.empty();
    }
  }

  /** The cache, or a fresh folder if somebody else could write to that name before us. */
  private Path privateFolder() throws IOException {
    var ownerOnly =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    try {
      Files.createDirectory(cache, ownerOnly);
    } catch (FileAlreadyExistsException e) {
      if (!isOursAlone(cache)) {
        Path fresh = Files.createTempDirectory("partyline-redis-", ownerOnly);
        fresh.toFile().deleteOnExit();
        return fresh;
      }
    }
    return cache;
  }

  private static boolean isOursAlone(Path folder) throws IOException {
    var found = Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    Path own = Files.createTempFile("partyline-owner-", "");
    try {
      return found.isDirectory()
          && found.owner().equals(Files.getOwner(own))
          && PosixFilePermissions.toString(found.permissions()).equals("rwx------");
    } finally {
      Files.delete(own);
    }
  }

  private static boolean holds(Path file, byte[] program) throws IOException {
    return Files.isExecutable(file)
        && Files.size(file) == program.length
        && sha256(Files.readAllBytes(file)).equals(sha256(program));
  }

  /**
   * Under another name first: a process that extracts at the same time, or finds the file after a
   * crash, sees the whole program or none.
   */
  private static void write(Path file, byte[] program) throws IOException {
    Path half = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID());
    var executable =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    try (var channel = FileChannel.open(half, Set.of(CREATE_NEW, WRITE), executable)) {
      for (ByteBuffer rest = ByteBuffer.wrap(program); rest.hasRemaining(); ) {
        channel.write(rest);
      }
      channel.force(true);
    }
    try {
      Files.move(half, file, ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(half);
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

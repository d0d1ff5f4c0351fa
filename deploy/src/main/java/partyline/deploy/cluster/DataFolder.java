package partyline.deploy.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Everything a local cluster leaves on the disk: {@code secret}, {@code redis/}, {@code archive/},
 * {@code logs/<name>.log}, {@code run/<name>.pid} and the {@code lock} that keeps a second cluster
 * out.
 *
 * <p>The lock is the kernel's and goes with the process that holds it, whatever ended it.
 */
final class DataFolder implements AutoCloseable {
  private static final int PID_BYTES = 20;

  private final Path path;
  private final FileChannel lock;

  /** Makes the folder if it is missing, readable by its owner alone: there are messages in it. */
  static DataFolder open(Path path) {
    Path folder = path.toAbsolutePath().normalize();
    try {
      Path parent = folder.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      if (!Files.isDirectory(folder)) {
        Files.createDirectory(
            folder,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      Files.createDirectories(folder.resolve("logs"));
      Files.createDirectories(folder.resolve("run"));
      return new DataFolder(folder, lock(folder));
    } catch (IOException e) {
      throw new ClusterException("The data folder " + folder + " cannot be used: " + e, e);
    }
  }

  private DataFolder(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  Path path() {
    return path;
  }

  Path redis() {
    return path.resolve("redis");
  }

  Path archive() {
    return path.resolve("archive");
  }

  Path log(String node) {
    return path.resolve("logs").resolve(node + ".log");
  }

  Path pidFile(String node) {
    return path.resolve("run").resolve(node + ".pid");
  }

  /** Until the nodes of an earlier run are gone, or had that long. */
  void awaitPredecessors(Duration patience) {
    Predecessors.await(path.resolve("run"), patience);
  }

  /** The cluster's secret, made now if there is none yet. */
  ClusterSecret secret() {
    return ClusterSecret.madeOnce(path);
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new ClusterException("The data folder " + path + " stays locked: " + e, e);
    }
  }

  private static FileChannel lock(Path folder) throws IOException {
    var channel = FileChannel.open(folder.resolve("lock"), CREATE, READ, WRITE);
    try {
      if (tryLock(channel) == null) {
        throw new ClusterException(
            "Another cluster (pid "
                + holder(channel)
                + ") uses the data folder "
                + folder
                + ": stop it first, or take another folder.");
      }
      channel.truncate(0);
      channel.write(UTF_8.encode(Long.toString(ProcessHandle.current().pid())), 0);
      return channel;
    } catch (IOException | ClusterException e) {
      channel.close();
      throw e;
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // held by this very process
    }
  }

  private static String holder(FileChannel channel) throws IOException {
    var bytes = ByteBuffer.allocate(PID_BYTES);
    channel.read(bytes, 0);
    return UTF_8.decode(bytes.flip()).toString();
  }
}

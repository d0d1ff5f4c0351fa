package partyline.room.redis.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.room.process.SearchPath;

final class RedisBinaryTest {
  private static final String REDIS = "Redis server v=%s sha=00000000:0 malloc=libc bits=64";
  private static final String VALKEY = "Valkey server v=%s sha=00000000:0 malloc=libc bits=64";

  @TempDir Path folder;

  @Test
  void an_installed_redis_is_taken_and_named_with_its_path() throws IOException {
    Path file = program("redis-server", REDIS.formatted("7.2.4"));

    assertThat(find().describe()).isEqualTo("redis-server 7.2.4 (" + file + ")");
  }

  @Test
  void a_valkey_is_known_by_what_it_says_and_not_by_its_name() throws IOException {
    program("redis-server", VALKEY.formatted("8.0.1"));

    assertThat(find().kind()).isEqualTo("valkey-server");
  }

  @Test
  void valkey_comes_before_redis() throws IOException {
    program("redis-server", REDIS.formatted("7.2.4"));
    program("valkey-server", VALKEY.formatted("7.2.5"));

    assertThat(find().version()).isEqualTo("7.2.5");
  }

  @Test
  void one_too_old_is_passed_over_for_the_bundled_one() throws IOException {
    program("redis-server", REDIS.formatted("6.2.14"));

    assertThat(find().describe()).isEqualTo("redis-server 7.0.15 (bundled)");
  }

  @Test
  void without_any_the_sentence_says_what_was_found_and_what_to_install() throws IOException {
    program("redis-server", REDIS.formatted("6.0.16"));
    program("valkey-server", "Segmentation fault");
    var nothing = new BundledRedis("redis-server-for-an-abacus", loader(), folder.resolve("cache"));

    assertThatExceptionOfType(LocalRedisException.class)
        .isThrownBy(() -> RedisBinary.find(new SearchPath(List.of(folder)), nothing))
        .withMessageContaining("redis-server 6.0.16 (" + folder)
        .withMessageContaining("too old")
        .withMessageContaining("valkey-server does not tell its version")
        .withMessageContaining("install Redis 7.0 or newer, or Valkey 7.2 or newer");
  }

  @Test
  void the_bundled_one_is_extracted_once_for_the_owner_alone() throws IOException {
    Path first = extract();
    Object inode = Files.getAttribute(first, "unix:ino");

    assertThat(extract()).isEqualTo(first);
    assertThat(Files.getAttribute(first, "unix:ino")).isEqualTo(inode);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(first.getParent())))
        .isEqualTo("rwx------");
  }

  @Test
  void an_extracted_program_that_was_changed_is_replaced() throws IOException {
    Path file = extract();
    byte[] program = Files.readAllBytes(file);
    byte[] changed = program.clone();
    changed[changed.length / 2]++;
    Files.write(file, changed);

    assertThat(extract()).isEqualTo(file).hasBinaryContent(program);
  }

  @Test
  void a_cache_that_others_may_write_is_not_used() throws IOException {
    Path cache = Files.createDirectory(folder.resolve("cache"));
    Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwxrwxrwx"));

    Path file = extract();

    assertThat(file.getParent()).isNotEqualTo(cache);
    assertThat(cache).isEmptyDirectory();
    Files.delete(file);
    Files.delete(file.getParent());
  }

  @Test
  void many_extracting_at_once_all_get_the_whole_program() throws Exception {
    try (var threads = Executors.newFixedThreadPool(8)) {
      var finds = new ArrayList<Callable<RedisBinary>>();
      for (int i = 0; i < 8; i++) {
        finds.add(this::find);
      }
      for (Future<RedisBinary> found : threads.invokeAll(finds)) {
        assertThat(found.get().bundled()).isTrue();
      }
    }
    assertThat(folder.resolve("cache")).isDirectoryContaining("glob:**/redis-server-*");
    try (var files = Files.list(folder.resolve("cache"))) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void machines_have_the_names_of_the_jar() {
    assertThat(BundledRedis.resourceName("Linux", "amd64"))
        .isEqualTo("redis-server-7.0.15-linux-amd64");
    assertThat(BundledRedis.resourceName("Linux", "aarch64"))
        .isEqualTo("redis-server-7.0.15-linux-arm64");
    assertThat(BundledRedis.resourceName("Mac OS X", "x86_64"))
        .isEqualTo("redis-server-7.0.15-darwin-amd64");
    assertThat(BundledRedis.resourceName("Mac OS X", "aarch64"))
        .isEqualTo("redis-server-7.0.15-darwin-arm64");
  }

  private RedisBinary find() {
    return RedisBinary.find(new SearchPath(List.of(folder)), bundled());
  }

  private Path extract() {
    return bundled().extract(new ArrayList<>()).orElseThrow();
  }

  private BundledRedis bundled() {
    String name = BundledRedis.forThisMachine().resource();
    return new BundledRedis(name, loader(), folder.resolve("cache"));
  }

  private static ClassLoader loader() {
    return RedisBinaryTest.class.getClassLoader();
  }

  private Path program(String name, String says) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(file, "#!/bin/sh\n[ \"$1\" = --version ] && echo '" + says + "'\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    return file;
  }
}

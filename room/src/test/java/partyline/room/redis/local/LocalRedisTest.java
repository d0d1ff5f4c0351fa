package partyline.room.redis.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.room.process.Eventually;
import partyline.room.process.ForkedJava;

final class LocalRedisTest {
  private static final RedisBinary BINARY = RedisBinary.find();

  @Test
  void it_answers_as_soon_as_it_is_started() {
    try (var redis = LocalRedis.of(BINARY).start()) {
      assertThat(redis.command("PING")).isEqualTo("PONG");
      assertThat(redis.command("INCR", "n")).isEqualTo(1L);
      assertThat(redis.command("RPUSH", "l", "a", "", "é\r\n")).isEqualTo(3L);
      assertThat(redis.command("LRANGE", "l", "0", "-1")).isEqualTo(List.of("a", "", "é\r\n"));
      assertThat(redis.command("GET", "nothing")).isNull();
      assertThat(redis.uri()).isEqualTo("redis://127.0.0.1:" + redis.port());
      assertThat(redis.command("INFO", "server"))
          .asString()
          .contains("process_id:" + redis.pid() + "\r\n");
    }
  }

  @Test
  void it_is_set_up_as_the_log_needs_it() {
    try (var redis = LocalRedis.of(BINARY).start()) {
      assertThat(setting(redis, "appendonly")).isEqualTo("yes");
      assertThat(setting(redis, "appendfsync")).isEqualTo("everysec");
      assertThat(setting(redis, "save")).isEmpty();
      assertThat(setting(redis, "maxmemory-policy")).isEqualTo("noeviction");
      assertThat(setting(redis, "stream-node-max-bytes")).isEqualTo("1024");
      assertThat(setting(redis, "bind")).isEqualTo("127.0.0.1");
    }
  }

  @Test
  void a_line_of_config_wins_over_ours() {
    try (var redis = LocalRedis.of(BINARY).config("appendfsync always").start()) {
      assertThat(setting(redis, "appendfsync")).isEqualTo("always");
    }
  }

  @Test
  void a_restart_with_aof_forgets_nothing_not_even_after_a_kill() {
    // With an fsync a second what comes while one takes its time is written after it.
    try (var redis = LocalRedis.of(BINARY).config("appendfsync always").start()) {
      long firstPid = redis.pid();
      int port = redis.port();
      for (int i = 0; i < 100; i++) {
        redis.command("XADD", "log", "*", "i", Integer.toString(i));
      }

      redis.kill();
      assertThat(redis.isAlive()).isFalse();
      redis.restart();

      assertThat(redis.command("XLEN", "log")).isEqualTo(100L);
      assertThat(redis.port()).isEqualTo(port);
      assertThat(redis.pid()).isNotEqualTo(firstPid);

      redis.restart();
      assertThat(redis.command("XLEN", "log")).isEqualTo(100L);
    }
  }

  @Test
  void a_restart_without_aof_starts_empty() {
    try (var redis = LocalRedis.of(BINARY).appendOnly(false).start()) {
      redis.command("SET", "k", "v");

      redis.terminate();
      redis.restart();

      assertThat(redis.command("DBSIZE")).isEqualTo(0L);
    }
  }

  @Test
  void a_paused_server_keeps_its_connections_and_answers_when_it_is_resumed() throws Exception {
    try (var redis = LocalRedis.of(BINARY).start();
        var socket = new RespSocket(redis.port(), Duration.ofSeconds(20))) {
      assertThat(socket.call("PING")).isEqualTo("PONG");
      redis.pause();
      try (var impatient = new RespSocket(redis.port(), Duration.ofMillis(200))) {
        assertThatExceptionOfType(SocketTimeoutException.class)
            .isThrownBy(() -> impatient.call("PING"));
      }

      redis.resume();

      assertThat(socket.call("PING")).isEqualTo("PONG");
    }
  }

  @Test
  void a_taken_port_that_was_asked_for_is_an_error() throws IOException {
    try (var taken = new ServerSocket(0, 1, RespSocket.loopback())) {
      assertThatExceptionOfType(LocalRedisException.class)
          .isThrownBy(() -> LocalRedis.of(BINARY).port(taken.getLocalPort()).start())
          .withMessageContaining("port " + taken.getLocalPort() + " of 127.0.0.1 is taken");
    }
  }

  @Test
  void another_redis_that_answers_on_the_port_is_not_mistaken_for_ours() {
    try (var other = LocalRedis.of(BINARY).start()) {
      assertThatExceptionOfType(LocalRedisException.class)
          .isThrownBy(() -> LocalRedis.of(BINARY).port(other.port()).start())
          .withMessageContaining("is taken");
      assertThat(other.command("PING")).isEqualTo("PONG");
    }
  }

  @Test
  void a_free_port_that_is_taken_meanwhile_is_left_for_another() throws IOException {
    try (var taken = new ServerSocket(0, 1, RespSocket.loopback())) {
      var plan = LocalRedis.of(BINARY);
      int free = LocalRedis.freePort();
      var ports = List.of(taken.getLocalPort(), free).iterator();
      plan.freePorts = ports::next;

      try (var redis = plan.start()) {
        assertThat(redis.port()).isEqualTo(free);
      }
    }
  }

  @Test
  void a_server_that_ends_while_starting_is_quoted() {
    assertThatExceptionOfType(LocalRedisException.class)
        .isThrownBy(() -> LocalRedis.of(BINARY).config("no-such-directive yes").start())
        .withMessageContaining("exit code 1")
        .withMessageContaining("no-such-directive");
  }

  @Test
  void an_error_reply_is_thrown_with_the_words_of_redis() {
    try (var redis = LocalRedis.of(BINARY).start()) {
      redis.command("SET", "k", "v");

      assertThatExceptionOfType(LocalRedisException.class)
          .isThrownBy(() -> redis.command("INCR", "k"))
          .withMessageContaining("not an integer");
    }
  }

  @Test
  void a_password_is_asked_of_strangers_and_stands_in_the_uri() throws IOException {
    try (var redis = LocalRedis.of(BINARY).password("pass word/\"1\"").start();
        var stranger = new RespSocket(redis.port(), Duration.ofSeconds(5))) {
      assertThat(redis.command("PING")).isEqualTo("PONG");
      assertThat(redis.uri()).contains("redis://:pass%20word%2F%221%22@127.0.0.1:");
      assertThatExceptionOfType(RespSocket.ErrorReply.class)
          .isThrownBy(() -> stranger.call("PING"))
          .withMessageStartingWith("NOAUTH");
    }
  }

  @Test
  void a_replica_follows_its_primary() {
    try (var primary = LocalRedis.of(BINARY).password("p").start();
        var replica = LocalRedis.of(BINARY).password("p").replicaOf(primary.port()).start()) {
      Eventually.holds(
          "the link is up",
          () -> String.valueOf(replica.command("INFO")).contains("master_link_status:up"));

      primary.command("SET", "k", "v");

      Eventually.holds("the replica has it", () -> "v".equals(replica.command("GET", "k")));
    }
  }

  @Test
  void a_replica_that_still_writes_its_first_file_is_not_killed_for_being_deaf() throws Exception {
    try (var primary = LocalRedis.of(BINARY).start();
        var replica = LocalRedis.of(BINARY).replicaOf(primary.port()).start()) {
      Path log = replica.directory().resolve("redis.log");
      Eventually.holds("the file is begun", () -> said(log, "append only file rewriting started"));

      replica.terminate();

      assertThat(log).content().contains("is now ready to exit, bye bye...");
    }
  }

  @Test
  void a_sentinel_keeps_what_it_learned_over_a_restart() {
    try (var primary = LocalRedis.of(BINARY).start();
        var replica = LocalRedis.of(BINARY).replicaOf(primary.port()).start();
        var sentinel =
            LocalRedis.of(BINARY)
                .arguments("--sentinel")
                .config("sentinel monitor party 127.0.0.1 " + primary.port() + " 1")
                .start()) {
      Eventually.holds(
          "the replica is known",
          RedisServers.SENTINELS_KNOW_WITHIN,
          () -> knowsReplica(sentinel, replica));

      sentinel.kill();
      sentinel.restart();

      assertThat(knowsReplica(sentinel, replica)).isTrue();
    }
  }

  @Test
  void a_cluster_node_keeps_its_id_over_a_restart() {
    try (var node = LocalRedis.of(BINARY).config("cluster-enabled yes").start()) {
      node.command("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
      Object id = node.command("CLUSTER", "MYID");

      node.kill();
      node.restart();

      assertThat(node.command("CLUSTER", "MYID")).isEqualTo(id);
    }
  }

  @Test
  void a_temp_folder_goes_with_the_server_and_a_given_one_stays(@TempDir Path folder) {
    Path given = folder.resolve("with space").resolve("deep");
    Path made;
    try (var own = LocalRedis.of(BINARY).start();
        var redis = LocalRedis.of(BINARY).directory(given).start()) {
      made = own.directory();
      assertThat(made).isNotEmptyDirectory();
      redis.command("SET", "k", "v");
    }

    assertThat(made).doesNotExist();
    try (var again = LocalRedis.of(BINARY).directory(given).start()) {
      assertThat(again.command("GET", "k")).isEqualTo("v");
    }
  }

  @Test
  void close_ends_a_paused_server_too() {
    var redis = LocalRedis.of(BINARY).start();
    redis.pause();

    redis.close();

    assertThat(redis.isAlive()).isFalse();
    redis.close();
  }

  @Test
  void two_servers_never_share_a_folder(@TempDir Path folder) {
    try (var first = LocalRedis.of(BINARY).directory(folder).start()) {
      var second = LocalRedis.of(BINARY).directory(folder);
      second.predecessorPatience = Duration.ofMillis(100);

      assertThatExceptionOfType(LocalRedisException.class)
          .isThrownBy(second::start)
          .withMessageContaining("Another Redis (pid " + first.pid() + ") runs in " + folder);
      assertThat(first.command("PING")).isEqualTo("PONG");
    }
  }

  @Test
  void after_the_kill_of_its_parent_the_next_start_finds_folder_and_port_free(@TempDir Path folder)
      throws Exception {
    var told = new CompletableFuture<Integer>();
    var parent =
        ForkedJava.running(Parent.class, folder.toString())
            .tellingLinesTo(line -> {
              if (line.startsWith("port ")) {
                told.complete(Integer.valueOf(line.substring(5)));
              }
            })
            .start();
    int port = told.get(30, TimeUnit.SECONDS);

    parent.kill();

    try (var next = LocalRedis.of(BINARY).directory(folder).port(port).start()) {
      assertThat(next.command("GET", "k")).isEqualTo("v");
    }
  }

  /** Starts a server with a key in it, tells its port and waits to be killed. */
  static final class Parent {
    private Parent() {}

    public static void main(String[] arguments) throws Exception {
      var redis = LocalRedis.of(RedisBinary.find()).directory(Path.of(arguments[0])).start();
      redis.command("SET", "k", "v");
      System.out.println("port " + redis.port());
      System.out.flush();
      Thread.sleep(Duration.ofMinutes(5));
    }
  }

  private static boolean knowsReplica(LocalRedis sentinel, LocalRedis replica) {
    return String.valueOf(sentinel.command("SENTINEL", "REPLICAS", "party"))
        .contains("127.0.0.1:" + replica.port());
  }

  private static boolean said(Path log, String words) {
    try {
      return Files.readString(log).contains(words);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String setting(LocalRedis redis, String name) {
    var reply = (List<?>) redis.command("CONFIG", "GET", name);
    assertThat(reply).hasSize(2);
    return String.valueOf(reply == null ? null : reply.get(1));
  }
}

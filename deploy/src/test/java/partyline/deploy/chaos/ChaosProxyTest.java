package partyline.deploy.chaos;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import partyline.deploy.chaos.Wind.Ending;
import partyline.room.process.Eventually;

/** The proxy does to bytes what it is told, and nothing else. */
final class ChaosProxyTest {
  private static final long SEED = 7;

  private Echo echo;
  private ChaosProxy proxy;

  @BeforeEach
  void start() throws IOException {
    echo = new Echo();
    proxy = ChaosProxy.before(echo.port(), SEED);
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    echo.close();
  }

  @Test
  void in_calm_weather_all_bytes_pass_as_they_are() throws IOException {
    assertThat(echoed(megabyte())).isEqualTo(megabyte());
  }

  @Test
  void single_bytes_are_the_same_bytes() throws IOException {
    proxy.weather(Weather.both(Wind.NONE.crumbling()));

    assertThat(echoed("one by one".getBytes(UTF_8))).isEqualTo("one by one".getBytes(UTF_8));
  }

  @Test
  void jitter_keeps_the_order() throws IOException {
    proxy.weather(Weather.both(Wind.delay(0, 20)));
    try (Socket client = connect()) {
      for (char c = 'a'; c <= 'z'; c++) {
        client.getOutputStream().write(c);
      }

      assertThat(read(client, 26)).isEqualTo("abcdefghijklmnopqrstuvwxyz");
    }
  }

  @Test
  void latency_is_added_in_each_direction() throws IOException {
    proxy.weather(Weather.both(Wind.delay(60, 0)));
    long start = System.nanoTime();

    echoed("there and back".getBytes(UTF_8));

    assertThat((System.nanoTime() - start) / 1_000_000).isGreaterThanOrEqualTo(120);
  }

  @Test
  void a_stall_holds_what_comes_behind_it_too() throws IOException {
    proxy.weather(Weather.toServer(Wind.NONE.stalling(100, 80)));
    long start = System.nanoTime();

    echoed("later".getBytes(UTF_8));

    assertThat((System.nanoTime() - start) / 1_000_000).isGreaterThanOrEqualTo(80);
  }

  @Test
  void a_cut_comes_at_a_byte_that_the_seed_chooses() throws IOException {
    proxy.weather(Weather.toClient(Wind.NONE.ending(Ending.CUT, 10_000)));
    int first = untilCut();
    try (var same = ChaosProxy.before(echo.port(), SEED)) {
      same.weather(Weather.toClient(Wind.NONE.ending(Ending.CUT, 10_000)));
      proxy.close();
      proxy = same;

      assertThat(untilCut()).isEqualTo(first).isBetween(1, 10_000);
    }
  }

  @Test
  void half_of_a_connection_ends_and_the_other_goes_on() throws IOException {
    proxy.weather(Weather.toServer(Wind.NONE.ending(Ending.HALF_CLOSE, 1)));
    try (Socket client = connect()) {
      client.getOutputStream().write("ab".getBytes(UTF_8));

      assertThat(read(client, 1)).isEqualTo("a");
      assertThat(client.getInputStream().read()).as("the server heard the end").isEqualTo(-1);
      client.getOutputStream().write("still open".getBytes(UTF_8));
    }
  }

  @Test
  void what_is_swallowed_arrives_and_is_answered_and_nobody_hears_it() throws IOException {
    try (Socket client = connect()) {
      client.getOutputStream().write("a".getBytes(UTF_8));
      assertThat(read(client, 1)).isEqualTo("a");
      proxy.weather(Weather.toClient(Wind.SWALLOWING));
      client.getOutputStream().write("b".getBytes(UTF_8));
      Eventually.holds(
          "the answer came to the proxy", () -> proxy.passages().getFirst().bytesFromServer() == 2);
      proxy.weather(Weather.CALM);

      client.getOutputStream().write("c".getBytes(UTF_8));

      assertThat(read(client, 1)).isEqualTo("c");
      assertThat(echo.heard.get()).isEqualTo(3);
    }
  }

  @Test
  void an_end_that_is_swallowed_is_heard_of_when_the_connection_is_cut() throws IOException {
    try (Socket client = connect()) {
      client.getOutputStream().write("a".getBytes(UTF_8));
      assertThat(read(client, 1)).isEqualTo("a");
      proxy.weather(Weather.both(Wind.SWALLOWING));
      client.shutdownOutput();
      assertThat(proxy.passages()).hasSize(1);

      proxy.cutAll();

      assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
      Eventually.holds("nothing is left of it", () -> proxy.passages().isEmpty());
    }
  }

  @Test
  void one_connection_is_known_by_what_it_said_first_and_has_weather_of_its_own()
      throws IOException {
    try (Socket loud = connect();
        Socket quiet = connect()) {
      loud.getOutputStream().write("SUBSCRIBE".getBytes(UTF_8));
      quiet.getOutputStream().write("GET".getBytes(UTF_8));
      assertThat(read(loud, 9) + read(quiet, 3)).isEqualTo("SUBSCRIBEGET");

      proxy.passages().stream()
          .filter(passage -> passage.opening().contains("SUBSCRIBE"))
          .forEach(Passage::cut);

      assertThatThrownBy(() -> loud.getInputStream().read()).isInstanceOf(SocketException.class);
      quiet.getOutputStream().write("x".getBytes(UTF_8));
      assertThat(read(quiet, 1)).isEqualTo("x");
    }
  }

  @Test
  void who_says_a_word_has_weather_of_its_own_from_then_on() throws IOException {
    proxy.whoSays("SUBSCRIBE", Weather.toClient(Wind.NONE.ending(Ending.HALF_CLOSE, 1)));
    try (Socket loud = connect();
        Socket quiet = connect()) {
      loud.getOutputStream().write("SUBSCRIBE".getBytes(UTF_8));
      quiet.getOutputStream().write("GET".getBytes(UTF_8));

      assertThat(loud.getInputStream().readAllBytes()).hasSize(1);
      assertThat(read(quiet, 3)).isEqualTo("GET");
    }
  }

  @Test
  void an_address_that_moves_leads_those_to_come_elsewhere() throws IOException {
    try (var other = new Echo();
        Socket before = connect()) {
      before.getOutputStream().write("a".getBytes(UTF_8));
      assertThat(read(before, 1)).isEqualTo("a");
      proxy.leadTo(other.port());

      echoed("bc".getBytes(UTF_8));
      before.getOutputStream().write("d".getBytes(UTF_8));

      assertThat(read(before, 1)).isEqualTo("d");
      assertThat(echo.heard.get()).isEqualTo(2);
      assertThat(other.heard.get()).isEqualTo(2);
    }
  }

  @Test
  void a_reader_that_stops_is_felt_by_the_sender() throws IOException {
    try (Socket client = connect()) {
      client.setSoTimeout(10_000);
      Thread sender =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  client.getOutputStream().write(new byte[64 * 1024 * 1024]);
                } catch (IOException e) {
                  assert client.isClosed();
                }
              });
      Eventually.holds("some has come through", () -> echo.heard.get() > 100_000);

      assertThat(sender.isAlive()).isTrue();
      assertThat(proxy.passages().getFirst().bytesFromClient()).isLessThan(60_000_000);
    }
  }

  @Test
  void who_is_refused_is_hung_up_on() throws IOException {
    proxy.refuse(true);
    try (Socket client = connect()) {
      assertThatThrownBy(
              () -> {
                if (client.getInputStream().read() < 0) {
                  throw new IOException("ended");
                }
              })
          .isInstanceOf(IOException.class);
    }
  }

  private Socket connect() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), proxy.port());
  }

  private byte[] echoed(byte[] bytes) throws IOException {
    try (Socket client = connect()) {
      Thread.ofVirtual()
          .start(() -> {
            try {
              client.getOutputStream().write(bytes);
              client.shutdownOutput();
            } catch (IOException e) {
              throw new AssertionError(e);
            }
          });
      return client.getInputStream().readAllBytes();
    }
  }

  private int untilCut() throws IOException {
    try (Socket client = connect()) {
      client.getOutputStream().write(new byte[20_000]);
      int count = 0;
      try {
        while (client.getInputStream().read() >= 0) {
          count++;
        }
        throw new AssertionError("a reset is no end");
      } catch (SocketException e) {
        return count;
      }
    }
  }

  private static String read(Socket socket, int count) throws IOException {
    return new String(socket.getInputStream().readNBytes(count), ISO_8859_1);
  }

  private static byte[] megabyte() {
    var bytes = new byte[1024 * 1024];
    new Random(SEED).nextBytes(bytes);
    return bytes;
  }

  /** Answers what it hears, and ends when it hears the end. */
  private static final class Echo implements AutoCloseable {
    private final ServerSocket door = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    private final AtomicInteger heard = new AtomicInteger();

    Echo() throws IOException {
      Thread.ofVirtual().start(this::accept);
    }

    int port() {
      return door.getLocalPort();
    }

    private void accept() {
      while (!door.isClosed()) {
        try {
          Socket client = door.accept();
          Thread.ofVirtual().start(() -> echo(client));
        } catch (IOException e) {
          assert door.isClosed();
        }
      }
    }

    private void echo(Socket client) {
      var bytes = new byte[4_096];
      try (client) {
        for (int n = client.getInputStream().read(bytes);
            n >= 0;
            n = client.getInputStream().read(bytes)) {
          heard.addAndGet(n);
          client.getOutputStream().write(bytes, 0, n);
        }
      } catch (IOException e) {
        // Cut: that is what is tested.
        assert e.getMessage() != null;
      }
    }

    @Override
    public void close() throws IOException {
      door.close();
    }
  }
}

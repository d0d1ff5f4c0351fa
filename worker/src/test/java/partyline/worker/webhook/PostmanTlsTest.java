package partyline.worker.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.room.Subnet;

/** By https: the checked address is called under the name of the host, and must be who it says. */
final class PostmanTlsTest {
  private static final char[] PASSWORD = "changeit".toCharArray();

  private final List<String> namesAskedFor = new CopyOnWriteArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private SSLServerSocket server;
  private Postman postman;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    KeyStore store = certificateOf("shop.example", folder.resolve("shop.p12"));
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD);
    var trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trusted.init(store);
    var context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trusted.getTrustManagers(), null);
    server =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::serve);
    var loopback = new Addresses(List.of(Subnet.parse("127.0.0.0/8").orElseThrow()));
    postman =
        new Postman(
            new Postman.Permit(false, loopback),
            _ -> List.of(InetAddress.ofLiteral("127.0.0.1")),
            context::getSocketFactory);
  }

  @AfterEach
  void stop() throws IOException {
    over.countDown();
    postman.close();
    server.close();
  }

  private void serve() {
    try {
      while (!server.isClosed()) {
        var socket = (SSLSocket) server.accept();
        Thread.ofVirtual().start(() -> answer(socket));
      }
    } catch (IOException closed) {
      // So it was told.
    }
  }

  private void answer(SSLSocket socket) {
    try (socket) {
      socket.startHandshake();
      if (socket.getSession() instanceof ExtendedSSLSession session) {
        session.getRequestedServerNames().forEach(name -> namesAskedFor.add(name.toString()));
      }
      byte[] head = new byte[4_096];
      int length = socket.getInputStream().read(head);
      if (new String(head, 0, Math.max(0, length), UTF_8).startsWith("POST /stands-still")) {
        over.await();
      } else if (length > 0) {
        socket.getOutputStream().write(Endpoint.OK.getBytes(UTF_8));
      }
    } catch (IOException | InterruptedException refused) {
      // The caller did not like the certificate.
    }
  }

  @Test
  void the_name_of_the_host_goes_along_and_is_what_the_certificate_must_be_for() {
    Answer answer = post("https://shop.example:");

    assertThat(answer.isWell()).isTrue();
    assertThat(namesAskedFor).singleElement().asString().contains("shop.example");
  }

  @Test
  void somebody_else_at_the_same_address_is_not_who_was_meant() {
    Answer answer = post("https://bank.example:");

    assertThat(answer.status()).isZero();
    assertThat(answer.reason()).contains("bank.example");
  }

  /** More than all buffers on the way hold, so that the caller stands in the middle of a write. */
  @Test
  void one_that_takes_no_more_is_left_after_ten_seconds_and_so_are_the_others() throws Exception {
    byte[] much = new byte[32 * 1024 * 1024];
    var answers = new LinkedBlockingQueue<Answer>();

    for (int i = 0; i < 3; i++) {
      Thread.ofPlatform()
          .daemon()
          .start(() -> answers.add(post("https://shop.example:", "/stands-still", much)));
    }

    for (int i = 0; i < 3; i++) {
      Answer answer = answers.poll(60, TimeUnit.SECONDS);
      assertThat(answer).as("an answer that is none").isNotNull();
      assertThat(answer.reason()).isEqualTo("no answer within 10 s");
    }
  }

  private Answer post(String base) {
    return post(base, "/", "{}".getBytes(UTF_8));
  }

  private Answer post(String base, String path, byte[] body) {
    return postman.post(URI.create(base + server.getLocalPort() + path), Map.of(), body);
  }

  private static KeyStore certificateOf(String host, Path file) throws Exception {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "shop",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + host,
                "-ext",
                "san=dns:" + host,
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), UTF_8);
    assertThat(keytool.waitFor()).as(said).isZero();
    var store = KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(file)) {
      store.load(in, PASSWORD);
    }
    return store;
  }
}

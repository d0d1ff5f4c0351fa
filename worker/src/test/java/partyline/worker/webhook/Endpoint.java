package partyline.worker.webhook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A receiver of webhooks on this machine that answers as it is told, and keeps what it got. */
public final class Endpoint implements AutoCloseable {
  public static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  public final List<Got> got = new CopyOnWriteArrayList<>();
  public final AtomicInteger connections = new AtomicInteger();

  /** Whether it remembers what it got. */
  public volatile boolean keeps = true;

  public volatile Behaviour behaviour = answering(OK);

  private final ServerSocket server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * @param headers by their names in lower case
   */
  public record Got(String line, Map<String, String> headers, String body) {
    public String id() {
      return headers.getOrDefault("webhook-id", "");
    }
  }

  /** What it does once a request has come; false closes the connection then. */
  public interface Behaviour {
    boolean answer(Got got, OutputStream out) throws IOException, InterruptedException;
  }

  public Endpoint() {
    try {
      server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.execute(this::accept);
  }

  public static Behaviour answering(String response) {
    byte[] bytes = response.getBytes(ISO_8859_1);
    return (_, out) -> {
      out.write(bytes);
      return true;
    };
  }

  public static Behaviour status(int status) {
    return answering("HTTP/1.1 " + status + " So\r\nContent-Length: 0\r\n\r\n");
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + port() + "/hook");
  }

  public int port() {
    return server.getLocalPort();
  }

  /** The ids it got, in the order it got them. */
  public List<String> ids() {
    return got.stream().map(Got::id).toList();
  }

  private void accept() {
    try {
      while (!server.isClosed()) {
        Socket socket = server.accept();
        socket.setTcpNoDelay(true);
        connections.incrementAndGet();
        threads.execute(() -> serve(socket));
      }
    } catch (IOException closed) {
      // So it was told.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      var in = new BufferedInputStream(socket.getInputStream());
      while (true) {
        Got request = read(in);
        if (keeps) {
          got.add(request);
        }
        if (!behaviour.answer(request, socket.getOutputStream())) {
          return;
        }
      }
    } catch (IOException | InterruptedException gone) {
      // The caller has left.
    }
  }

  private static Got read(InputStream in) throws IOException {
    String first = line(in);
    var headers = new HashMap<String, String>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    byte[] body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
    return new Got(first, Map.copyOf(headers), new String(body, UTF_8));
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("ended");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.shutdownNow();
  }
}

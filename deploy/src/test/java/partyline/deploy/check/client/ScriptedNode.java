package partyline.deploy.check.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A server that sends exactly the bytes its script says, on the loopback. When the script of a
 * request returns false, or throws, the connection is closed where it stands.
 */
final class ScriptedNode implements AutoCloseable {
  private final ServerSocket server;
  private final Script script;
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  record Request(String method, String target, Map<String, String> headers, String body) {
    String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  interface Script {
    /** Whether the connection stays open for another request. */
    boolean serve(Request request, OutputStream out) throws IOException, InterruptedException;
  }

  ScriptedNode(Script script) throws IOException {
    this.script = script;
    this.server = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  /** Answers every request with the same text, of which every line ends with CRLF in its head. */
  static ScriptedNode saying(String answer) throws IOException {
    return new ScriptedNode((_, out) -> {
      out.write(answer.getBytes(UTF_8));
      return false;
    });
  }

  URI url() {
    return URI.create("http://localhost:" + server.getLocalPort());
  }

  List<Request> requests() {
    return requests;
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        open.add(socket);
        threads.execute(() -> serve(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      var in = new BufferedInputStream(socket.getInputStream());
      for (Request request = read(in); request != null; request = read(in)) {
        requests.add(request);
        if (!script.serve(request, socket.getOutputStream())) {
          return;
        }
      }
    } catch (IOException e) {
      // The client left, as clients do.
      open.remove(socket);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(socket);
    }
  }

  private static @Nullable Request read(InputStream in) throws IOException {
    var head = new ByteArrayOutputStream();
    while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
      int b = in.read();
      if (b < 0) {
        return null;
      }
      head.write(b);
    }
    List<String> lines = head.toString(ISO_8859_1).lines().toList();
    var headers = new HashMap<String, String>();
    lines.stream()
        .skip(1)
        .filter(line -> !line.isEmpty())
        .forEach(line -> {
          String[] parts = line.split(": ", 2);
          headers.put(parts[0].toLowerCase(Locale.ROOT), parts[1]);
        });
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    String body = new String(in.readNBytes(length), UTF_8);
    String[] words = lines.getFirst().split(" ");
    return new Request(words[0], words[1], Map.copyOf(headers), body);
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
    threads.shutdownNow();
    threads.close();
  }
}

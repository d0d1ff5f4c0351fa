package partyline.worker.webhook;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import partyline.room.Limits;

/**
 * Calls endpoints, within bounds whatever they do. Thread-safe; a call blocks its thread, which
 * should be a virtual one.
 *
 * <p>A name is resolved first, every address it has is judged, and the connection goes to one of
 * these very addresses: a name that means something else a moment later leads nowhere else. TLS
 * certificates are checked against the name.
 */
public final class Postman implements AutoCloseable {

  /** What the operator permits beyond the internet by https. */
  public record Permit(boolean plainHttp, Addresses addresses) {}

  private final Permit permit;
  private final Names names;
  private final Supplier<SSLSocketFactory> tls;
  private final ExecutorService lookups = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1, daemon());
  private final Map<String, ConcurrentLinkedDeque<Line>> idle = new ConcurrentHashMap<>();

  /**
   * @param tls asked for when it is needed: to load whom to trust takes a while
   */
  public Postman(Permit permit, Names names, Supplier<SSLSocketFactory> tls) {
    this.permit = permit;
    this.names = names;
    this.tls = tls;
    clock.setRemoveOnCancelPolicy(true);
    var _ =
        clock.scheduleWithFixedDelay(
            this::hangUp,
            Limits.WEBHOOK_CONNECTION_IDLE.toMillis(),
            Limits.WEBHOOK_CONNECTION_IDLE.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  /**
   * Posts once, and a second time only where a kept connection turned out to be closed.
   *
   * @param headers without line breaks
   */
  public Answer post(URI url, Map<String, String> headers, byte[] body) {
    boolean secure = "https".equalsIgnoreCase(url.getScheme());
    String host = url.getHost();
    if (host == null || !(secure || "http".equalsIgnoreCase(url.getScheme()))) {
      return Answer.none("the URL names no host by https");
    }
    if (!secure && !permit.plainHttp()) {
      return Answer.none("only https may be called (PARTYLINE_WEBHOOK_HTTP)");
    }
    var call = new Call(url, host, secure, Line.request(head(url, host, headers, body), body));
    var alarm =
        clock.schedule(call::end, Limits.WEBHOOK_ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    try {
      return call.run();
    } catch (Refused refused) {
      return Answer.none(refused.sentence);
    } catch (TimeoutException late) {
      return Answer.late(reason(late));
    } catch (IOException broken) {
      return call.isEnded.get()
          ? Answer.late("no answer within " + Limits.WEBHOOK_ANSWER_WITHIN.toSeconds() + " s")
          : Answer.none(reason(broken));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Answer.none("the worker ends");
    } finally {
      alarm.cancel(false);
    }
  }

  private static String reason(Exception broken) {
    String message = broken.getMessage();
    return message == null ? broken.getClass().getSimpleName() : message.replaceAll("\\s+", " ");
  }

  private static String head(URI url, String host, Map<String, String> headers, byte[] body) {
    String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
    var head = new StringBuilder(512);
    head.append("POST ").append(path).append(query).append(" HTTP/1.1\r\n");
    head.append("Host: ").append(host);
    if (url.getPort() >= 0) {
      head.append(':').append(url.getPort());
    }
    head.append("\r\nUser-Agent: Partyline\r\nAccept: */*\r\nContent-Type: application/json\r\n");
    head.append("Content-Length: ").append(body.length).append("\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    return head.append("\r\n").toString();
  }

  /** One call, and what must be closed when its time is over. */
  private final class Call {
    private final URI url;
    private final String host;
    private final boolean secure;
    private final byte[] request;
    final AtomicBoolean isEnded = new AtomicBoolean();
    private volatile @Nullable AutoCloseable open;

    Call(URI url, String host, boolean secure, byte[] request) {
      this.url = url;
      this.host = host;
      this.secure = secure;
      this.request = request;
    }

    Answer run() throws IOException, InterruptedException, TimeoutException {
      var kept = idle.computeIfAbsent(place(), _ -> new ConcurrentLinkedDeque<>());
      Line line = take(kept);
      try {
        return call(line == null ? connect() : line, kept);
      } catch (Line.Silent silent) {
        if (line == null || isEnded.get()) {
          throw silent;
        }
        return call(connect(), kept);
      }
    }

    private Answer call(Line line, ConcurrentLinkedDeque<Line> kept) throws IOException {
      hold(line);
      boolean keep = false;
      try {
        Answer answer = line.call(request);
        line.usedNanos = System.nanoTime();
        keep = line.isOpen(line.usedNanos) && !isEnded.get();
        return answer;
      } finally {
        open = null;
        if (keep) {
          kept.push(line);
        } else {
          line.close();
        }
      }
    }

    private Line connect() throws IOException, InterruptedException, TimeoutException {
      int port = url.getPort() >= 0 ? url.getPort() : secure ? 443 : 80;
      IOException last = new IOException("no address");
      for (InetAddress address : addresses()) {
        try {
          return connect(address, port);
        } catch (IOException e) {
          last = e;
        }
      }
      throw last;
    }

    private Line connect(InetAddress address, int port) throws IOException {
      var socket = new Socket();
      hold(socket);
      try {
        socket.setTcpNoDelay(true);
        socket.connect(
            new InetSocketAddress(address, port),
            Math.toIntExact(Limits.WEBHOOK_CONNECT_WITHIN.toMillis()));
        Socket spoken = secure ? secured(socket, port) : socket;
        return new Line(spoken, socket, System.nanoTime());
      } catch (IOException | RuntimeException e) {
        socket.close();
        throw e;
      }
    }

    private Socket secured(Socket socket, int port) throws IOException {
      // The name, not the address, goes into SNI and is what the certificate must be for.
      var secured = (SSLSocket) tls.get().createSocket(socket, host, port, true);
      SSLParameters parameters = secured.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      secured.setSSLParameters(parameters);
      secured.startHandshake();
      return secured;
    }

    private List<InetAddress> addresses()
        throws IOException, InterruptedException, TimeoutException {
      Future<List<InetAddress>> lookup = lookups.submit(() -> names.resolve(bare(host)));
      List<InetAddress> all;
      try {
        all = lookup.get(Limits.WEBHOOK_CONNECT_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException late) {
        lookup.cancel(true);
        throw new TimeoutException("the name of its host was not resolved in time");
      } catch (ExecutionException e) {
        throw e.getCause() instanceof UnknownHostException
            ? new Refused("nobody knows the name of its host")
            : new IOException(e.getCause());
      }
      for (InetAddress address : all) {
        if (!permit.addresses().mayCall(address)) {
          throw new Refused(
              "its address "
                  + address.getHostAddress()
                  + " is not on the internet (PARTYLINE_WEBHOOK_NETWORKS)");
        }
      }
      return all;
    }

    private void hold(AutoCloseable resource) throws IOException {
      open = resource;
      if (isEnded.get()) {
        throw new IOException("too late");
      }
    }

    void end() {
      isEnded.set(true);
      AutoCloseable resource = open;
      if (resource != null) {
        try {
          resource.close();
        } catch (Exception alreadyGone) {
          // That is what was wanted.
        }
      }
    }

    private String place() {
      return url.getScheme() + "://" + url.getRawAuthority();
    }
  }

  private static String bare(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private static @Nullable Line take(ConcurrentLinkedDeque<Line> kept) {
    long now = System.nanoTime();
    for (Line line = kept.poll(); line != null; line = kept.poll()) {
      if (line.isOpen(now)) {
        return line;
      }
      line.close();
    }
    return null;
  }

  /** What nobody has used for a while. */
  private void hangUp() {
    long now = System.nanoTime();
    idle.values()
        .forEach(kept ->
            kept.removeIf(line -> {
              boolean over = !line.isOpen(now);
              if (over) {
                line.close();
              }
              return over;
            }));
    idle.values().removeIf(ConcurrentLinkedDeque::isEmpty);
  }

  /** Not called at all. */
  private static final class Refused extends IOException {
    private static final long serialVersionUID = 1;
    final String sentence;

    Refused(String sentence) {
      super(sentence);
      this.sentence = sentence;
    }
  }

  private static java.util.concurrent.ThreadFactory daemon() {
    return Thread.ofPlatform().daemon().name("webhook-clock").factory();
  }

  @Override
  public void close() {
    clock.shutdownNow();
    lookups.shutdownNow();
    idle.values().forEach(kept -> kept.forEach(Line::close));
    idle.clear();
  }
}

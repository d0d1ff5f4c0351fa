package partyline.gateway.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/**
 * A file as browsers get it: asked for again each time, and told in a few bytes that it is still
 * the same.
 *
 * @param policy its Content-Security-Policy
 * @param etag weak, for the compressed bytes are not those that it was made of
 * @param compressed what is sent to who takes gzip; empty where that is not worth the time
 */
record WebFile(
    Buffer bytes, Optional<Buffer> compressed, String type, String etag, Optional<String> policy) {

  /** Compressing more would hold up the event loop. */
  private static final int COMPRESSED_BYTES = 256 * 1024;

  static WebFile of(byte[] bytes, String type, Optional<String> policy) {
    return new WebFile(
        Buffer.buffer(bytes),
        Optional.of(bytes)
            .filter(plain -> type.startsWith("text/") && plain.length <= COMPRESSED_BYTES)
            .map(WebFile::gzip),
        type,
        etag(bytes),
        policy);
  }

  void send(RoutingContext context) {
    HttpServerRequest request = context.request();
    HttpServerResponse response = context.response();
    response
        .putHeader(HttpHeaders.ETAG, etag)
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
        .putHeader("X-Content-Type-Options", "nosniff");
    policy.ifPresent(text -> response.putHeader("Content-Security-Policy", text));
    if (compressed.isPresent()) {
      response.headers().add(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
    }
    String known = request.getHeader(HttpHeaders.IF_NONE_MATCH);
    if (known != null && (known.equals("*") || known.contains(etag))) {
      response.setStatusCode(304).end();
      return;
    }
    response.putHeader(HttpHeaders.CONTENT_TYPE, type);
    if (compressed.isPresent() && takesGzip(request)) {
      response.putHeader(HttpHeaders.CONTENT_ENCODING, "gzip").end(compressed.get());
    } else {
      response.end(bytes);
    }
  }

  /** Who says {@code gzip;q=0} gets what everybody can read. */
  private static boolean takesGzip(HttpServerRequest request) {
    String accepted = request.getHeader(HttpHeaders.ACCEPT_ENCODING);
    return accepted != null
        && accepted.matches("(?i)(.*[, ])?gzip *(,.*|; *q=(1|0\\.\\d*[1-9]).*)?");
  }

  private static Buffer gzip(byte[] bytes) {
    var packed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(packed)) {
      gzip.write(bytes);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return Buffer.buffer(packed.toByteArray());
  }

  private static String etag(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return "W/\"" + HexFormat.of().formatHex(digest, 0, 12) + "\"";
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}

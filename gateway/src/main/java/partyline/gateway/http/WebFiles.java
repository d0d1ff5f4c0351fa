package partyline.gateway.http;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import partyline.gateway.http.Problem.Code;

/**
 * The files under {@code web/} on the class path, one level deep and known by name: what does not
 * look like a file's name is never looked up, so nothing outside can be reached and nothing listed.
 * Read once, then kept: they are part of the program and can't change under it.
 */
final class WebFiles implements Handler<RoutingContext> {

  private static final Pattern NAME = Pattern.compile("/([a-z0-9][a-z0-9-]*\\.[a-z]{2,5})");

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "json", "application/json",
          "yaml", "application/yaml",
          "txt", "text/plain; charset=utf-8",
          "svg", "image/svg+xml",
          "png", "image/png",
          "ico", "image/x-icon");

  /** What has a name without an ending. */
  private static final Map<String, String> PAGES =
      Map.of("/", "/index.html", "/docs", "/docs.html");

  /**
   * The documentation may load what is ours and ask this node, and nothing else: its viewer shows
   * texts of a file, and people paste tokens into it. The viewer's icons are data URLs.
   */
  private static final Map<String, String> POLICIES =
      Map.of(
          "ops.html",
          "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
              + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
          "docs.html",
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
              + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");

  private final String folder;
  private final Map<String, WebFile> files = new ConcurrentHashMap<>();

  WebFiles() {
    this("web/");
  }

  WebFiles(String folder) {
    this.folder = folder;
  }

  @Override
  public void handle(RoutingContext context) {
    String path = context.request().path();
    send(context, PAGES.getOrDefault(path, path));
  }

  /** The file of this name, with a slash before it. */
  void send(RoutingContext context, String path) {
    find(path)
        .ifPresentOrElse(
            file -> file.send(context), () -> Problem.of(Code.NOT_FOUND).send(context));
  }

  private Optional<WebFile> find(String path) {
    var match = NAME.matcher(path);
    if (!match.matches()) {
      return Optional.empty();
    }
    String name = match.group(1);
    Optional<String> type =
        Optional.ofNullable(TYPES.get(name.substring(name.lastIndexOf('.') + 1)));
    return type.flatMap(
        text -> Optional.ofNullable(files.computeIfAbsent(name, missing -> read(missing, text))));
  }

  private @Nullable WebFile read(String name, String type) {
    try (InputStream in = WebFiles.class.getClassLoader().getResourceAsStream(folder + name)) {
      if (in == null) {
        return null;
      }
      return WebFile.of(in.readAllBytes(), type, Optional.ofNullable(POLICIES.get(name)));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}

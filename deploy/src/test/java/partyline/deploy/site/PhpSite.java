package partyline.deploy.site;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import partyline.deploy.cluster.LocalCluster;

/** The example's site, as its README starts it: PHP-FPM with 20 workers behind nginx. */
public final class PhpSite implements AutoCloseable {
  private static final Path EXAMPLE = Path.of("examples", "php");

  private final WebServer php;
  private final WebServer nginx;

  /** Runs a copy in this folder, for whose members the cluster is the chat. */
  public static PhpSite start(Path folder, LocalCluster cluster) throws IOException {
    copyScripts(folder);
    int port = WebServer.freePort();
    int fastCgi = WebServer.freePort();
    var nginxConfig =
        WebServer.copy(EXAMPLE.resolve("nginx.conf"), folder, Map.of(8088, port, 9088, fastCgi));
    var phpConfig = WebServer.copy(EXAMPLE.resolve("php-fpm.conf"), folder, Map.of(9088, fastCgi));
    String gateway = cluster.urls().getFirst().toString();
    var environment =
        Map.of(
            "PARTYLINE_SECRET_FILE", cluster.secret().file().toString(),
            "PARTYLINE_URL", gateway,
            "PARTYLINE_PUBLIC_URL", gateway);
    var php = WebServer.php(phpConfig, fastCgi, environment);
    try {
      return new PhpSite(php, WebServer.nginx(nginxConfig, port));
    } catch (RuntimeException e) {
      php.close();
      throw e;
    }
  }

  private PhpSite(WebServer php, WebServer nginx) {
    this.php = php;
    this.nginx = nginx;
  }

  public URI url() {
    return nginx.url();
  }

  private static void copyScripts(Path folder) throws IOException {
    try (var files = Files.walk(EXAMPLE)) {
      List<Path> scripts =
          files
              .filter(Files::isRegularFile)
              .filter(file -> file.toString().matches(".*\\.(php|js|css)"))
              .toList();
      for (Path script : scripts) {
        Path copy = folder.resolve(EXAMPLE.relativize(script));
        Files.createDirectories(copy.resolve(".."));
        Files.copy(script, copy);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @Override
  public void close() {
    nginx.close();
    php.close();
  }
}

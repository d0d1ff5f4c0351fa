package partyline.deploy.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import partyline.deploy.site.WebServer;

/** What compose.yaml brings up, of the jars that were packaged, on ports of its own. */
final class Compose implements AutoCloseable {
  private static final Path FILE = Path.of("compose.yaml");
  private static final String PROMETHEUS_IMAGE = "partyline-test-prometheus";
  private static final String POSTGRES_IMAGE = "partyline-test-postgres";

  /** The jars are there, but a gateway is rehearsed, and a busy machine takes its time for that. */
  private static final Duration BUILD = Duration.ofMinutes(15);

  private static final Duration START = Duration.ofMinutes(6);
  private static final Duration ASKING = Duration.ofMinutes(3);

  private static final String POSTGRES =
      """
      FROM debian:bookworm-slim
      COPY . /usr/local/
      ARG BEGIN
      RUN printf '%s' "$BEGIN" >/usr/local/bin/begin \\
       && printf '#!/bin/sh\\ngrep -q ^ready "$PGDATA/postmaster.pid"\\n' >/usr/local/bin/pg_isready \\
       && chmod 755 /usr/local/bin/* \\
       && echo 'postgres:x:70:70::/var/lib/postgresql:/bin/sh' >>/etc/passwd \\
       && mkdir -p /var/lib/postgresql/data /var/run/postgresql \\
       && chmod 700 /var/lib/postgresql/data \\
       && chown -R 70:70 /var/lib/postgresql /var/run/postgresql
      ENV PGDATA=/var/lib/postgresql/data
      USER 70:70
      VOLUME /var/lib/postgresql/data
      STOPSIGNAL SIGINT
      ENTRYPOINT ["begin"]
      """;

  private static final String BEGIN =
      """
      #!/bin/sh
      set -e
      if [ ! -s "$PGDATA/PG_VERSION" ]; then
        echo "${POSTGRES_PASSWORD:?}" >/tmp/password
        initdb -U "${POSTGRES_USER:?}" --pwfile=/tmp/password -A scram-sha-256 -E UTF8 --locale=C
        rm /tmp/password
        echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
        echo "CREATE DATABASE ${POSTGRES_DB:?}" | postgres --single postgres
      fi
      exec postgres -c listen_addresses='*'
      """;

  private final Docker docker;
  private final int chat = WebServer.freePort();
  private final int site = WebServer.freePort();
  private final int prometheus = WebServer.freePort();
  private final Map<String, String> environment =
      new HashMap<>(
          Map.of(
              "COMPOSE_PROJECT_NAME",
              "partyline-test-" + ProcessHandle.current().pid(),
              "BUILT",
              "jars",
              "CHAT",
              Integer.toString(chat),
              "SITE",
              Integer.toString(site),
              "PROMETHEUS",
              Integer.toString(prometheus),
              "PROMETHEUS_IMAGE",
              PROMETHEUS_IMAGE,
              "POSTGRES_IMAGE",
              POSTGRES_IMAGE));

  /** Builds the images, and returns when everything in it is healthy. */
  static Compose up(Docker docker) throws IOException, InterruptedException {
    var compose = new Compose(docker);
    compose.bringUp();
    return compose;
  }

  /**
   * The same with an archive, and without the site. There may be no registry, so PostgreSQL is the
   * one that tests bring along, in an image that understands as much as compose.yaml asks of the
   * public one.
   *
   * @param programs {@code bin/postgres} and the rest
   */
  static Compose upWithArchive(Docker docker, Path programs, Path folder)
      throws IOException, InterruptedException {
    Path dockerfile = Files.writeString(folder.resolve("Dockerfile"), POSTGRES);
    docker.run(
        BUILD,
        Map.of(),
        "build",
        "--tag",
        POSTGRES_IMAGE,
        "--build-arg",
        "BEGIN=" + BEGIN,
        "--file",
        dockerfile.toString(),
        programs.toString());
    var compose = new Compose(docker);
    compose.environment.put("ARCHIVE_URL", "postgresql://partyline:partyline@postgres/partyline");
    compose.bringUp("nginx", "worker", "postgres");
    return compose;
  }

  /** With those that they need; none named means all but those of a profile. */
  private void bringUp(String... services) throws IOException, InterruptedException {
    run(BUILD, "build");
    try {
      var words = new ArrayList<>(List.of("up", "--detach", "--no-build", "--wait"));
      words.addAll(List.of(services));
      run(START, words.toArray(String[]::new));
    } catch (IOException e) {
      e.addSuppressed(new IOException(run(ASKING, "logs")));
      close();
      throw e;
    }
  }

  private Compose(Docker docker) {
    this.docker = docker;
  }

  URI chat() {
    return URI.create("http://localhost:" + chat);
  }

  URI site() {
    return URI.create("http://localhost:" + site);
  }

  /**
   * Starts what watches the others, from this machine's own program in place of the image that
   * compose.yaml names: there may be no registry. Grafana is in no Debian, so it is left out.
   */
  URI watch(Path program, Path folder) throws IOException, InterruptedException {
    Files.copy(program, folder.resolve("prometheus"), StandardCopyOption.REPLACE_EXISTING);
    Files.writeString(
        folder.resolve("Dockerfile"),
        """
        FROM debian:bookworm-slim
        RUN mkdir /prometheus && chown 65534:65534 /prometheus
        COPY --chmod=755 prometheus /bin/prometheus
        ENTRYPOINT ["/bin/prometheus"]
        """);
    docker.run(BUILD, Map.of(), "build", "--tag", PROMETHEUS_IMAGE, folder.toString());
    run(START, "up", "--detach", "--no-build", "--wait", "prometheus");
    return URI.create("http://localhost:" + prometheus);
  }

  /** Those that run now. */
  List<String> services() throws IOException, InterruptedException {
    return run(ASKING, "ps", "--services", "--status", "running").lines().toList();
  }

  /** SIGKILL. */
  void kill(String service) throws IOException, InterruptedException {
    run(ASKING, "kill", service);
  }

  /** What the engine says of the container of a service, by a template of its own. */
  String inspect(String service, String template) throws IOException, InterruptedException {
    String container = run(ASKING, "ps", "--quiet", service).strip();
    return docker.run(ASKING, environment, "inspect", "--format", template, container).strip();
  }

  /** What a program prints that is run in the container of a service. */
  String exec(String service, String... command) throws IOException, InterruptedException {
    var words = new ArrayList<>(List.of("exec", "-T", service));
    words.addAll(List.of(command));
    return run(ASKING, words.toArray(String[]::new)).strip();
  }

  private String run(Duration patience, String... command)
      throws IOException, InterruptedException {
    var words = new ArrayList<>(List.of("compose", "--file", FILE.toString()));
    words.addAll(List.of(command));
    return docker.run(patience, environment, words.toArray(String[]::new));
  }

  @Override
  public void close() {
    try {
      run(
          START,
          "--profile",
          "monitoring",
          "--profile",
          "archive",
          "down",
          "--volumes",
          "--timeout",
          "5");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

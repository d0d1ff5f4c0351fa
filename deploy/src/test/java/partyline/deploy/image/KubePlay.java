package partyline.deploy.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import partyline.deploy.manifest.Manifest;
import partyline.deploy.manifest.Manifests;
import partyline.deploy.manifest.Program;
import partyline.deploy.site.WebServer;

/**
 * Pods of a rendered overlay, run by {@code podman kube play}: with their security contexts,
 * volumes and environments, and without what it has not: services, several replicas, and claims to
 * storage. So Redis is told by its address, and the gateway found at ports of this machine.
 */
final class KubePlay implements AutoCloseable {
  private static final String COMMAND = "PARTYLINE_TEST_KUBE_PLAY";
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Program play;
  private final Path folder;
  private final int http = WebServer.freePort();
  private final int ops = WebServer.freePort();
  private final List<String> names = new ArrayList<>();

  /** Skips the test, with a sentence, where pods can't be run. */
  static KubePlay in(Path folder) {
    Optional<String> command = Optional.ofNullable(System.getenv(COMMAND));
    Assumptions.assumeTrue(
        command.isPresent(),
        COMMAND
            + " is not set: name a program that runs `podman kube play` on `up FILE IMAGE…` with"
            + " images of the Docker engine, and hands other words to podman.");
    // Podman reads it too, and minds that there is nothing in it.
    var play = Program.at(Path.of(command.orElseThrow()), Set.of("DOCKER_CONFIG"));
    return new KubePlay(play, folder);
  }

  private KubePlay(Program play, Path folder) {
    this.play = play;
    this.folder = folder;
  }

  void up(Manifests overlay, String secret, String... images)
      throws IOException, InterruptedException {
    play(
        "redis.yaml",
        overlay.copy().of("StatefulSet").map(KubePlay::withoutClaims).toList(),
        images);
    String redis = exec("valkey", "hostname", "-i").output().strip();
    var objects = new ArrayList<JsonNode>();
    objects.add(secret(secret));
    overlay.of("ConfigMap").map(Manifest::json).forEach(objects::add);
    overlay
        .copy()
        .of("Deployment")
        .map(deployment -> placed(deployment, "redis://" + redis + ":6379"))
        .forEach(objects::add);
    play("pods.yaml", objects, images);
  }

  private void play(String name, List<JsonNode> objects, String... images)
      throws IOException, InterruptedException {
    Path file = folder.resolve(name);
    // One that is JSON is YAML too.
    Files.writeString(
        file, objects.stream().map(JsonNode::toString).collect(Collectors.joining("\n---\n")));
    objects.stream()
        .filter(object -> object.path("kind").asText().equals("Deployment"))
        .forEach(object -> names.add(object.at("/metadata/name").asText()));
    var words = new ArrayList<>(List.of("up", file.toString()));
    words.addAll(List.of(images));
    play.run(folder, words.toArray(String[]::new));
  }

  URI http() {
    return URI.create("http://127.0.0.1:" + http);
  }

  URI ops() {
    return URI.create("http://127.0.0.1:" + ops);
  }

  /** What a program says in the pod of a deployment, and how it ends. */
  Program.Result exec(String name, String... command) throws IOException, InterruptedException {
    var words = new ArrayList<>(List.of("exec", name + "-pod-0-" + name));
    words.addAll(List.of(command));
    return play.end(folder, words.toArray(String[]::new));
  }

  String logs(String name) throws IOException, InterruptedException {
    return play.end(folder, "logs", name + "-pod-0-" + name).said();
  }

  private JsonNode placed(Manifest deployment, String redis) {
    ((ObjectNode) deployment.at("/spec")).put("replicas", 1);
    // Podman 4 wants to be told.
    deployment
        .pod()
        .path("volumes")
        .valueStream()
        .filter(volume -> volume.has("secret"))
        .forEach(volume -> ((ObjectNode) volume.path("secret")).put("optional", false));
    for (JsonNode container : deployment.containers()) {
      container
          .path("env")
          .valueStream()
          .filter(variable -> variable.path("name").asText().equals("REDIS_URL"))
          .forEach(variable -> ((ObjectNode) variable).put("value", redis));
      boolean gateway = deployment.name().equals("gateway");
      hostPort(container, "http", http);
      hostPort(container, "ops", gateway ? ops : WebServer.freePort());
    }
    return deployment.json();
  }

  /** What it keeps is gone with the pod. */
  private static JsonNode withoutClaims(Manifest stateful) {
    ObjectNode json = (ObjectNode) stateful.json();
    json.put("kind", "Deployment");
    ObjectNode spec = (ObjectNode) json.path("spec");
    spec.remove(List.of("serviceName", "volumeClaimTemplates"));
    ArrayNode volumes = ((ObjectNode) stateful.pod()).putArray("volumes");
    volumes.addObject().put("name", "data").putObject("emptyDir");
    hostPort(stateful.containers().getFirst(), "redis", WebServer.freePort());
    return json;
  }

  /**
   * Podman takes the very same port of this machine for one that says none, and it may be taken.
   */
  private static void hostPort(JsonNode container, String name, int port) {
    container
        .path("ports")
        .valueStream()
        .filter(own -> own.path("name").asText().equals(name))
        .forEach(own -> ((ObjectNode) own).put("hostPort", port));
  }

  private static JsonNode secret(String secret) {
    ObjectNode json = JSON.objectNode().put("apiVersion", "v1").put("kind", "Secret");
    json.putObject("metadata").put("name", "partyline");
    json.putObject("data").put("secret", secret.getBytes(UTF_8));
    return json;
  }

  @Override
  public void close() throws IOException {
    try {
      for (String name : names) {
        play.end(folder, "pod", "rm", "--force", name + "-pod-0");
      }
      play.end(folder, "secret", "rm", "partyline");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

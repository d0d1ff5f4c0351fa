package partyline.deploy.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What is named must be there, under that very name; a pod waits for ever for what is not. */
final class ReferenceLint implements Lint {

  /** What the operator makes by hand, as the overlays say at their top: secrets are not in Git. */
  private static final Map<String, Set<String>> BY_HAND =
      Map.of(
          "partyline", Set.of("secret", "other-secret", "redis-url", "archive-url", "ops-token"));

  private static final JsonNode ANY = MissingNode.getInstance();

  @Override
  public void check(Manifests manifests, List<String> complaints) {
    var seen = new HashSet<String>();
    manifests.all().stream()
        .map(Manifest::toString)
        .filter(name -> !seen.add(name))
        .forEach(name -> complaints.add("there are two of " + name));
    manifests.withPods().forEach(workload -> check(manifests, workload, complaints));
    manifests
        .of("ScaledObject")
        .filter(scaler -> target(manifests, scaler).count() != 1)
        .forEach(scaler -> complaints.add(scaler + " scales nothing"));
    manifests
        .of("ScaledObject")
        .flatMap(scaler -> target(manifests, scaler))
        .filter(target -> target.at("/spec").has("replicas"))
        .forEach(target ->
            complaints.add(target + " says its replicas, which each apply would take from KEDA"));
  }

  private static void check(Manifests manifests, Manifest workload, List<String> complaints) {
    JsonNode pod = workload.pod();
    if (pod.has("serviceAccountName")
        && manifests.find("ServiceAccount", pod.path("serviceAccountName").asText()).isEmpty()) {
      complaints.add(workload + " runs as a service account that is not there");
    }
    for (JsonNode volume : pod.path("volumes")) {
      named(manifests, workload, "ConfigMap", volume.at("/configMap/name"), ANY, complaints);
      String secret = volume.at("/secret/secretName").asText();
      for (JsonNode item : volume.at("/secret/items")) {
        if (!BY_HAND.getOrDefault(secret, Set.of()).contains(item.path("key").asText())) {
          complaints.add(workload + " mounts a key that is not there: " + item);
        }
      }
    }
    for (JsonNode container : workload.containers()) {
      mounts(workload, container, complaints);
      container
          .path("envFrom")
          .forEach(from ->
              named(
                  manifests,
                  workload,
                  "ConfigMap",
                  from.at("/configMapRef/name"),
                  ANY,
                  complaints));
      container
          .path("env")
          .forEach(variable -> {
            JsonNode from = variable.at("/valueFrom/configMapKeyRef");
            named(
                manifests, workload, "ConfigMap", from.path("name"), from.path("key"), complaints);
            JsonNode secret = variable.at("/valueFrom/secretKeyRef");
            if (secret.isObject()
                && !BY_HAND
                    .getOrDefault(secret.path("name").asText(), Set.of())
                    .contains(secret.path("key").asText())) {
              complaints.add(workload + " reads a key that is not there: " + secret);
            }
          });
    }
  }

  private static void mounts(Manifest workload, JsonNode container, List<String> complaints) {
    Set<String> volumes = new HashSet<>();
    Stream.concat(
            workload.pod().path("volumes").valueStream(),
            workload
                .at("/spec/volumeClaimTemplates")
                .valueStream()
                .map(claim -> claim.path("metadata")))
        .forEach(volume -> volumes.add(volume.path("name").asText()));
    container
        .path("volumeMounts")
        .valueStream()
        .filter(mount -> !volumes.contains(mount.path("name").asText()))
        .forEach(mount -> complaints.add(workload + " mounts what is not there: " + mount));
  }

  private static void named(
      Manifests manifests,
      Manifest workload,
      String kind,
      JsonNode name,
      JsonNode key,
      List<String> complaints) {
    if (name.isMissingNode()) {
      return;
    }
    boolean there =
        manifests
            .find(kind, name.asText())
            .filter(found -> key.isMissingNode() || found.at("/data").has(key.asText()))
            .isPresent();
    if (!there) {
      complaints.add(workload + " reads a " + kind + " that is not there: " + name + " " + key);
    }
  }

  private static Stream<Manifest> target(Manifests manifests, Manifest scaler) {
    return manifests.find("Deployment", scaler.at("/spec/scaleTargetRef/name").asText()).stream();
  }
}

package partyline.deploy.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The "restricted" level of the Pod Security Standards, and some habits of ours beside it. */
final class PodSecurityLint implements Lint {
  private static final Set<String> VOLUMES =
      Set.of("configMap", "emptyDir", "persistentVolumeClaim", "projected", "secret");

  @Override
  public void check(Manifests manifests, List<String> complaints) {
    manifests
        .withPods()
        .forEach(workload -> {
          pod(workload, complaints);
          workload.containers().forEach(container -> container(workload, container, complaints));
        });
    manifests
        .of("Namespace")
        .filter(namespace ->
            !namespace
                .at("/metadata/labels")
                .path("pod-security.kubernetes.io/enforce")
                .asText()
                .equals("restricted"))
        .forEach(namespace -> complaints.add(namespace + " enforces nothing"));
  }

  private static void pod(Manifest workload, List<String> complaints) {
    JsonNode pod = workload.pod();
    JsonNode security = pod.path("securityContext");
    mind(complaints, !security.path("runAsNonRoot").asBoolean(), workload, "may run as root");
    mind(complaints, security.path("runAsUser").asInt() == 0, workload, "runs as root");
    mind(
        complaints,
        !security.at("/seccompProfile/type").asText().equals("RuntimeDefault"),
        workload,
        "has no seccomp profile");
    for (String shared : List.of("hostNetwork", "hostPID", "hostIPC")) {
      mind(complaints, pod.path(shared).asBoolean(), workload, "shares the host: " + shared);
    }
    mind(
        complaints,
        pod.path("automountServiceAccountToken").asBoolean(true),
        workload,
        "gets a token of the cluster");
    mind(
        complaints,
        pod.path("enableServiceLinks").asBoolean(true),
        workload,
        "gets variables of every service");
    pod.path("volumes")
        .valueStream()
        .flatMap(volume -> volume.propertyStream().map(Map.Entry::getKey))
        .filter(kind -> !kind.equals("name") && !VOLUMES.contains(kind))
        .forEach(kind -> complaints.add(workload + " has a volume it must not: " + kind));
  }

  private static void container(Manifest workload, JsonNode container, List<String> complaints) {
    JsonNode security = container.path("securityContext");
    mind(
        complaints,
        security.path("allowPrivilegeEscalation").asBoolean(true),
        workload,
        "may gain privileges");
    mind(complaints, security.path("privileged").asBoolean(), workload, "is privileged");
    mind(
        complaints,
        !security.at("/capabilities/drop").toString().equals("[\"ALL\"]")
            || !security.at("/capabilities/add").isEmpty(),
        workload,
        "keeps capabilities");
    mind(
        complaints,
        !security.path("readOnlyRootFilesystem").asBoolean(),
        workload,
        "may write to its root file system");
    mind(complaints, security.has("runAsUser"), workload, "says twice as whom it runs");
    mind(
        complaints,
        container.path("ports").valueStream().anyMatch(port -> port.has("hostPort")),
        workload,
        "takes a port of the host");
    JsonNode resources = container.path("resources");
    mind(
        complaints,
        resources.at("/limits/memory").isMissingNode()
            || !resources.at("/limits/memory").equals(resources.at("/requests/memory")),
        workload,
        "has no memory of its own, or is lent more than it keeps");
    mind(
        complaints,
        Stream.of("/requests/cpu").map(resources::at).anyMatch(JsonNode::isMissingNode),
        workload,
        "asks for no processor");
    mind(complaints, resources.at("/limits").has("cpu"), workload, "would be throttled");
  }

  private static void mind(
      List<String> complaints, boolean wrong, Manifest workload, String complaint) {
    if (wrong) {
      complaints.add(workload + " " + complaint);
    }
  }
}

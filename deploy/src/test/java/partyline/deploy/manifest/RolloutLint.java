package partyline.deploy.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import partyline.room.Limits;

/** How pods come and go: a rollout that is too hasty is a reconnect of everybody. */
final class RolloutLint implements Lint {
  private static final int CLOSING_SECONDS = 10;

  @Override
  public void check(Manifests manifests, List<String> complaints) {
    manifests.of("Deployment").forEach(deployment -> check(manifests, deployment, complaints));
    manifests
        .of("Deployment")
        .filter(deployment -> deployment.name().equals("gateway"))
        .forEach(gateway -> grace(gateway, complaints));
    manifests
        .of("Deployment")
        .filter(deployment -> deployment.name().equals("worker"))
        .filter(worker ->
            worker.pod().path("terminationGracePeriodSeconds").asInt()
                <= Limits.WORKER_STOP_WITHIN.toSeconds())
        .forEach(worker -> complaints.add(worker + " is killed before it has stopped"));
  }

  private static void check(Manifests manifests, Manifest deployment, List<String> complaints) {
    JsonNode update = deployment.at("/spec/strategy/rollingUpdate");
    if (!update.path("maxUnavailable").asText().equals("0")
        || update.path("maxSurge").asInt() < 1) {
      complaints.add(deployment + " takes pods away before others serve");
    }
    if (deployment.at("/spec/minReadySeconds").asInt() < 1) {
      complaints.add(deployment + " takes a pod for well that has just begun");
    }
    boolean guarded =
        manifests
            .of("PodDisruptionBudget")
            .filter(budget -> budget.at("/spec/maxUnavailable").asInt() == 1)
            .anyMatch(budget ->
                LabelSelector.matches(budget.at("/spec/selector"), deployment.podLabels()));
    if (!guarded) {
      complaints.add(deployment + " may lose several pods at once, or none can be moved");
    }
    for (JsonNode container : deployment.containers()) {
      probe(deployment, container, "startupProbe", "/live", complaints);
      probe(deployment, container, "livenessProbe", "/live", complaints);
      probe(deployment, container, "readinessProbe", "/ready", complaints);
      JsonNode start = container.path("startupProbe");
      if (start.path("periodSeconds").asInt() * start.path("failureThreshold").asInt() < 30) {
        complaints.add(deployment + " is killed while it starts on a busy machine");
      }
      String image = container.path("image").asText();
      if (!image.matches(".*(:[^:/]+|@sha256:[0-9a-f]{64})") || image.endsWith(":latest")) {
        complaints.add(deployment + " may become another image by itself: " + image);
      }
    }
  }

  /** Liveness that asks for Redis would restart every gateway when Redis is away. */
  private static void probe(
      Manifest deployment, JsonNode container, String probe, String path, List<String> complaints) {
    String asked = container.path(probe).at("/httpGet/path").asText();
    if (!asked.equals(path)) {
      complaints.add(deployment + "'s " + probe + " asks for \"" + asked + "\", not " + path);
    }
  }

  private static void grace(Manifest gateway, List<String> complaints) {
    for (JsonNode container : gateway.containers()) {
      int sleep = container.at("/lifecycle/preStop/sleep/seconds").asInt();
      int drain =
          value(container, "PARTYLINE_DRAIN_GRACE_SECONDS").map(Integer::parseInt).orElse(60);
      int grace = gateway.pod().path("terminationGracePeriodSeconds").asInt();
      if (sleep < 1) {
        complaints.add(gateway + " leaves before balancers have heard");
      }
      if (grace < sleep + drain + CLOSING_SECONDS) {
        complaints.add(
            gateway
                + " is killed after "
                + grace
                + " s, in the middle of its drain: preStop "
                + sleep
                + ", drain "
                + drain
                + ", closing "
                + CLOSING_SECONDS);
      }
    }
  }

  static Optional<String> value(JsonNode container, String name) {
    return Stream.of(container.path("env"))
        .flatMap(JsonNode::valueStream)
        .filter(variable -> variable.path("name").asText().equals(name))
        .map(variable -> variable.path("value").asText())
        .findFirst();
  }
}

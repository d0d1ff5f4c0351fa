package partyline.deploy.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Stream;

/** A port is known by its name in the container that listens on it, and by nothing else. */
final class PortLint implements Lint {

  @Override
  public void check(Manifests manifests, List<String> complaints) {
    manifests.withPods().forEach(workload -> probes(workload, complaints));
    manifests.of("Service").forEach(service -> targets(manifests, service, complaints));
    manifests.of("PodMonitor").forEach(monitor -> endpoints(manifests, monitor, complaints));
    manifests.of("NetworkPolicy").forEach(policy -> admitted(manifests, policy, complaints));
    manifests.of("Ingress").forEach(ingress -> backends(manifests, ingress, complaints));
    manifests.of("HTTPRoute").forEach(route -> backendRefs(manifests, route, complaints));
  }

  private static void probes(Manifest workload, List<String> complaints) {
    for (JsonNode container : workload.containers()) {
      Stream.of("startupProbe", "livenessProbe", "readinessProbe")
          .flatMap(probe -> Stream.of("httpGet", "tcpSocket").map(container.path(probe)::path))
          .filter(action -> !action.isMissingNode() && !listens(container, action.path("port")))
          .forEach(action ->
              complaints.add(workload + " is probed on a port it has not: " + action.path("port")));
    }
  }

  private static void targets(Manifests manifests, Manifest service, List<String> complaints) {
    service
        .at("/spec/ports")
        .valueStream()
        .forEach(port ->
            SelectorLint.served(manifests, service).stream()
                .filter(workload -> !listens(workload, port.path("targetPort")))
                .forEach(workload ->
                    complaints.add(
                        service + " sends to a port that " + workload + " has not: " + port)));
    if (service.at("/spec/ports").toString().contains("\"ops\"")) {
      complaints.add(service + " offers the ops port, which is never public");
    }
  }

  private static void endpoints(Manifests manifests, Manifest monitor, List<String> complaints) {
    monitor
        .at("/spec/podMetricsEndpoints")
        .valueStream()
        .forEach(endpoint ->
            manifests.selected(monitor.at("/spec/selector")).stream()
                .filter(workload -> !listens(workload, endpoint.path("port")))
                .forEach(workload ->
                    complaints.add(monitor + " asks on a port that " + workload + " has not")));
  }

  private static void admitted(Manifests manifests, Manifest policy, List<String> complaints) {
    policy
        .at("/spec/ingress")
        .valueStream()
        .flatMap(rule -> rule.path("ports").valueStream())
        .forEach(port ->
            manifests.selected(policy.at("/spec/podSelector")).stream()
                .filter(workload -> !listens(workload, port.path("port")))
                .forEach(workload ->
                    complaints.add(
                        policy + " opens a port that " + workload + " has not: " + port)));
  }

  private static void backends(Manifests manifests, Manifest ingress, List<String> complaints) {
    ingress.at("/spec/rules").findValues("service").stream()
        .filter(service ->
            manifests
                .find("Service", service.path("name").asText())
                .filter(
                    found -> offers(found, service.at("/port/name"), service.at("/port/number")))
                .isEmpty())
        .forEach(service -> complaints.add(ingress + " leads nowhere: " + service));
  }

  private static void backendRefs(Manifests manifests, Manifest route, List<String> complaints) {
    route
        .at("/spec/rules")
        .valueStream()
        .flatMap(rule -> rule.path("backendRefs").valueStream())
        .filter(service ->
            manifests
                .find("Service", service.path("name").asText())
                .filter(found -> offers(found, service.path("name"), service.path("port")))
                .isEmpty())
        .forEach(service -> complaints.add(route + " leads nowhere: " + service));
  }

  private static boolean offers(Manifest service, JsonNode name, JsonNode number) {
    return service
        .at("/spec/ports")
        .valueStream()
        .anyMatch(port -> port.path("name").equals(name) || port.path("port").equals(number));
  }

  private static boolean listens(Manifest workload, JsonNode port) {
    return workload.containers().stream().anyMatch(container -> listens(container, port));
  }

  private static boolean listens(JsonNode container, JsonNode port) {
    return container
        .path("ports")
        .valueStream()
        .anyMatch(own -> own.path("name").equals(port) || own.path("containerPort").equals(port));
  }
}

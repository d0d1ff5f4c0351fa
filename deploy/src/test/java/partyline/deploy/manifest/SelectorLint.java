package partyline.deploy.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Stream;

/**
 * A selector that means no pod is accepted without a word, and guards, serves or counts nothing.
 */
final class SelectorLint implements Lint {

  @Override
  public void check(Manifests manifests, List<String> complaints) {
    manifests
        .withPods()
        .filter(workload -> !workload.kind().equals("Job"))
        .forEach(workload -> own(workload, complaints));
    for (String kind : List.of("PodDisruptionBudget", "PodMonitor")) {
      manifests
          .of(kind)
          .filter(object -> manifests.selected(object.at("/spec/selector")).isEmpty())
          .forEach(object -> complaints.add(object + " selects no pod"));
    }
    manifests
        .of("Service")
        .filter(service -> served(manifests, service).isEmpty())
        .forEach(service -> complaints.add(service + " selects no pod"));
    manifests.of("NetworkPolicy").forEach(policy -> peers(manifests, policy, complaints));
    manifests
        .withPods()
        .filter(workload -> manifests.of("NetworkPolicy").noneMatch(SelectorLint::deniesAll))
        .forEach(workload -> complaints.add(workload + " may be reached from anywhere"));
  }

  static List<Manifest> served(Manifests manifests, Manifest service) {
    return manifests
        .withPods()
        .filter(
            workload -> LabelSelector.contains(service.at("/spec/selector"), workload.podLabels()))
        .toList();
  }

  private static void own(Manifest workload, List<String> complaints) {
    if (!LabelSelector.matches(workload.at("/spec/selector"), workload.podLabels())) {
      complaints.add(workload + " does not select its own pods");
    }
    workload
        .pod()
        .path("topologySpreadConstraints")
        .valueStream()
        .map(constraint -> constraint.path("labelSelector"))
        .filter(selector -> !LabelSelector.matches(selector, workload.podLabels()))
        .forEach(selector -> complaints.add(workload + " spreads pods that are not its own"));
  }

  private static void peers(Manifests manifests, Manifest policy, List<String> complaints) {
    Stream<JsonNode> near =
        Stream.of("ingress", "egress")
            .flatMap(way -> policy.at("/spec").path(way).valueStream())
            .flatMap(rule -> Stream.of(rule.path("from"), rule.path("to")))
            .flatMap(JsonNode::valueStream)
            // Pods of other namespaces are not ours to know.
            .filter(peer -> !peer.has("namespaceSelector"))
            .map(peer -> peer.path("podSelector"));
    Stream.concat(Stream.of(policy.at("/spec/podSelector")), near)
        .filter(selector -> manifests.selected(selector).isEmpty())
        .forEach(selector -> complaints.add(policy + " selects no pod"));
  }

  private static boolean deniesAll(Manifest policy) {
    return policy.at("/spec/podSelector").isEmpty()
        && policy.at("/spec/policyTypes").toString().equals("[\"Ingress\",\"Egress\"]")
        && policy.at("/spec/ingress").isMissingNode()
        && policy.at("/spec/egress").isMissingNode();
  }
}

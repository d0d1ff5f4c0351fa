package partyline.deploy.manifest;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Ingress;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * The schema of Kubernetes' own kinds, taken strictly: what it does not know is wrong, not left
 * out.
 */
final class KubernetesSchema {
  private static final Map<String, Check> KINDS =
      Map.of(
          "v1/ConfigMap", V1ConfigMap::validateJsonElement,
          "apps/v1/Deployment", V1Deployment::validateJsonElement,
          "networking.k8s.io/v1/Ingress", V1Ingress::validateJsonElement,
          "v1/Namespace", V1Namespace::validateJsonElement,
          "networking.k8s.io/v1/NetworkPolicy", V1NetworkPolicy::validateJsonElement,
          "policy/v1/PodDisruptionBudget", V1PodDisruptionBudget::validateJsonElement,
          "v1/Service", V1Service::validateJsonElement,
          "v1/ServiceAccount", V1ServiceAccount::validateJsonElement,
          "apps/v1/StatefulSet", V1StatefulSet::validateJsonElement);

  private interface Check {
    void accept(JsonElement json) throws IOException;
  }

  private KubernetesSchema() {}

  static boolean knows(Manifest manifest) {
    return KINDS.containsKey(kind(manifest));
  }

  /** What is wrong with it, if anything. */
  static Optional<String> complaint(Manifest manifest) throws IOException {
    Check check = KINDS.get(kind(manifest));
    if (check == null) {
      return Optional.of(manifest + " is of no kind that is known here");
    }
    try {
      check.accept(JsonParser.parseString(manifest.json().toString()));
      return Optional.empty();
    } catch (IllegalArgumentException wrong) {
      return Optional.of(manifest + ": " + wrong.getMessage());
    }
  }

  private static String kind(Manifest manifest) {
    return manifest.at("/apiVersion").asText() + "/" + manifest.kind();
  }
}

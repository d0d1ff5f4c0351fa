package partyline.deploy.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import partyline.gateway.GatewayConfig;
import partyline.room.Settings;
import partyline.worker.WorkerConfig;

/** What pods are told is what the programs know, and what they can work with. */
final class SettingsTest {
  private static final String SECRET = "9c1e3f0b7a5d48e2b6c4f1a09d83e75c21b60f4ad97e";

  @ParameterizedTest
  @EnumSource
  void gateways_and_workers_know_what_they_are_told(Overlay overlay) throws Exception {
    Manifests manifests = overlay.render();

    Map<String, String> gateway = environment(manifests, "gateway");
    assertThat(Settings.NAMES).containsAll(gateway.keySet());
    assertThat(new Settings(gateway).warnings()).isEmpty();
    GatewayConfig config = GatewayConfig.from(withSecret(gateway));
    assertThat(config.listen().port()).isEqualTo(port(manifests, "gateway", "http"));
    assertThat(config.opsListen().port()).isEqualTo(port(manifests, "gateway", "ops"));
    assertThat(config.mode()).isEqualTo(GatewayConfig.Mode.PRODUCTION);

    Map<String, String> worker = environment(manifests, "worker");
    assertThat(Settings.NAMES).containsAll(worker.keySet());
    assertThat(new Settings(worker).warnings()).isEmpty();
    assertThat(WorkerConfig.from(worker).opsListen().port())
        .isEqualTo(port(manifests, "worker", "ops"));
  }

  /** As Kubernetes puts it together: the container's own words beat those of the ConfigMap. */
  private static Map<String, String> environment(Manifests manifests, String deployment) {
    var environment = new TreeMap<String, String>();
    JsonNode container = container(manifests, deployment);
    for (JsonNode from : container.path("envFrom")) {
      String name = from.at("/configMapRef/name").asText();
      environment.putAll(
          Manifest.labels(manifests.find("ConfigMap", name).orElseThrow().at("/data")));
    }
    for (JsonNode variable : container.path("env")) {
      if (variable.at("/valueFrom/secretKeyRef/optional").asBoolean()) {
        continue;
      }
      String name = variable.path("name").asText();
      environment.put(
          name,
          variable.has("value")
              ? variable.path("value").asText()
              : name.equals("REDIS_URL") ? "redis://redis:6379" : "pod-1");
    }
    return environment;
  }

  private static Map<String, String> withSecret(Map<String, String> environment) {
    var readable = new TreeMap<>(environment);
    assertThat(readable.remove("PARTYLINE_SECRET_FILE")).isEqualTo("/run/partyline/secret");
    readable.put("PARTYLINE_SECRET", SECRET);
    return readable;
  }

  private static int port(Manifests manifests, String deployment, String name) {
    return container(manifests, deployment)
        .path("ports")
        .valueStream()
        .filter(port -> port.path("name").asText().equals(name))
        .findFirst()
        .orElseThrow()
        .path("containerPort")
        .asInt();
  }

  private static JsonNode container(Manifests manifests, String deployment) {
    return manifests.find("Deployment", deployment).orElseThrow().containers().getFirst();
  }
}

package partyline.deploy.manifest;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import partyline.gateway.GatewayConfig;
import partyline.room.Settings;
import partyline.worker.WorkerConfig;

/** What pods are told is what the programs know, and what they can work with. */
final class SettingsTest {

  /** Where a setting is said that settings.env is not the place for. */
  private enum Place {
    /** The Secret `partyline`: who may read settings must not read it. */
    SECRET,
    /** The Deployment: it belongs to what else stands there, ports, probes, grace, memory. */
    DEPLOYMENT,
    /** Another setting says it already. */
    NOWHERE
  }

  private static final Map<String, Place> ELSEWHERE =
      Map.ofEntries(
          // They hold passwords.
          Map.entry("REDIS_URL", Place.SECRET),
          Map.entry("ARCHIVE_URL", Place.SECRET),
          Map.entry("PARTYLINE_OTHER_SECRET", Place.SECRET),
          Map.entry("PARTYLINE_OPS_TOKEN", Place.SECRET),
          // Where the Secret is mounted.
          Map.entry("PARTYLINE_SECRET_FILE", Place.DEPLOYMENT),
          // The pod's name.
          Map.entry("PARTYLINE_NODE", Place.DEPLOYMENT),
          // What ports, probes and network policies name.
          Map.entry("PARTYLINE_LISTEN", Place.DEPLOYMENT),
          Map.entry("PARTYLINE_OPS_LISTEN", Place.DEPLOYMENT),
          // What its requests and limits are for.
          Map.entry("PARTYLINE_EVENT_LOOPS", Place.DEPLOYMENT),
          Map.entry("PARTYLINE_CONNECTIONS", Place.DEPLOYMENT),
          // Summands of terminationGracePeriodSeconds.
          Map.entry("PARTYLINE_DRAIN_PROPAGATION_SECONDS", Place.DEPLOYMENT),
          Map.entry("PARTYLINE_DRAIN_WINDOW_SECONDS", Place.DEPLOYMENT),
          Map.entry("PARTYLINE_DRAIN_GRACE_SECONDS", Place.DEPLOYMENT),
          // PARTYLINE_SECRET_FILE says it.
          Map.entry("PARTYLINE_SECRET", Place.NOWHERE),
          // The Secret says these without a file.
          Map.entry("PARTYLINE_OTHER_SECRET_FILE", Place.NOWHERE),
          Map.entry("PARTYLINE_OPS_TOKEN_FILE", Place.NOWHERE),
          // `local` takes secrets that could be guessed.
          Map.entry("PARTYLINE_MODE", Place.NOWHERE));

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

  /** What settings.env says, pods are told; each that is not for it has its reason here. */
  @ParameterizedTest
  @EnumSource
  void every_setting_is_told_by_settings_env_or_named_here(Overlay overlay) throws Exception {
    Manifests manifests = overlay.render();
    Set<String> ofDeployments = new TreeSet<>(ownWords(manifests, "gateway"));
    ofDeployments.addAll(ownWords(manifests, "worker"));

    assertThat(Settings.NAMES).containsAll(ELSEWHERE.keySet());
    for (String name : Settings.NAMES) {
      Place place = ELSEWHERE.get(name);
      assertThat(ofDeployments.contains(name))
          .as("%s stands in a Deployment, where it hides what settings.env says", name)
          .isEqualTo(place == Place.SECRET || place == Place.DEPLOYMENT);
    }
    for (String deployment : List.of("gateway", "worker")) {
      assertThat(ELSEWHERE.keySet())
          .doesNotContainAnyElementsOf(settings(manifests, deployment).keySet());
    }
  }

  /** What a container is told beside the ConfigMap. */
  private static Set<String> ownWords(Manifests manifests, String deployment) {
    return container(manifests, deployment)
        .path("env")
        .valueStream()
        .map(variable -> variable.path("name").asText())
        .collect(toSet());
  }

  private static Map<String, String> settings(Manifests manifests, String deployment) {
    var settings = new TreeMap<String, String>();
    for (JsonNode from : container(manifests, deployment).path("envFrom")) {
      String name = from.at("/configMapRef/name").asText();
      settings.putAll(Manifest.labels(manifests.find("ConfigMap", name).orElseThrow().at("/data")));
    }
    return settings;
  }

  /** As Kubernetes puts it together: the container's own words beat those of the ConfigMap. */
  private static Map<String, String> environment(Manifests manifests, String deployment) {
    var environment = new TreeMap<>(settings(manifests, deployment));
    for (JsonNode variable : container(manifests, deployment).path("env")) {
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

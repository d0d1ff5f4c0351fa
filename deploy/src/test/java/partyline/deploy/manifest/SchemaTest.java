package partyline.deploy.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(300)
final class SchemaTest {

  @ParameterizedTest
  @EnumSource
  void kubernetes_knows_every_field_of_what_there_is_to_apply(Overlay overlay) throws Exception {
    for (Manifest manifest : overlay.render().all()) {
      if (!CustomSchema.knows(manifest)) {
        assertThat(KubernetesSchema.complaint(manifest)).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Deployment, gateway, /spec/template/spec, enableServiceLink, enableServiceLink",
    "Deployment, gateway, /spec/template/spec/containers/0/readinessProbe, periodSecond,"
        + " periodSecond",
    "PodDisruptionBudget, gateway, /spec, maxUnavaliable, maxUnavaliable",
    "NetworkPolicy, clients, /spec/ingress/0/ports/0, name, name"
  })
  void a_field_that_kubernetes_does_not_know_is_not_passed_over(
      String kind, String name, String pointer, String field, String complaint) throws Exception {
    Manifests manifests = Overlay.PRODUCTION.render().copy();
    Manifest manifest = manifests.find(kind, name).orElseThrow();
    ((ObjectNode) manifest.at(pointer)).put(field, 1);

    assertThat(KubernetesSchema.complaint(manifest).orElse("")).contains(complaint);
  }

  @Test
  void what_operators_of_other_people_read_is_as_they_want_it(@TempDir Path folder)
      throws Exception {
    var ours = new ArrayList<Manifest>();
    for (Overlay overlay : Overlay.values()) {
      overlay.render().all().stream().filter(CustomSchema::knows).forEach(ours::add);
    }
    var schema = CustomSchema.in(folder);
    assertThat(ours)
        .extracting(Manifest::kind)
        .contains("HTTPRoute", "PodMonitor", "PrometheusRule", "ScaledObject");
    assertThat(schema.complaints(ours)).isEmpty();

    Manifests manifests = Overlay.PRODUCTION.render().copy();
    Manifest scaler = manifests.find("ScaledObject", "gateway").orElseThrow();
    ((ObjectNode) scaler.at("/spec")).put("minReplicas", 3);
    assertThat(schema.complaints(List.of(scaler))).contains("minReplicas");
    Manifest monitor = manifests.find("PodMonitor", "partyline").orElseThrow();
    ((ObjectNode) monitor.at("/spec/podMetricsEndpoints/0")).put("interval", "often");
    assertThat(schema.complaints(List.of(monitor))).contains("interval");
  }
}

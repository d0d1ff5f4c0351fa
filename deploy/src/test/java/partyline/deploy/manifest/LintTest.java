package partyline.deploy.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

final class LintTest {
  private static final String POD = "/spec/template/spec";
  private static final String CONTAINER = POD + "/containers/0";

  @ParameterizedTest
  @EnumSource
  void nothing_is_to_be_minded_about_what_there_is_to_apply(Overlay overlay) throws Exception {
    assertThat(Lint.complaints(overlay.render())).isEmpty();
  }

  /** One thing wrong at a time, in what production gets. */
  @ParameterizedTest(name = "{1} {2} {3} = {4}: {0}")
  @MethodSource
  void what_would_not_work_is_minded(
      String complaint, String kind, String name, String pointer, JsonNode value) throws Exception {
    Manifests manifests = Overlay.PRODUCTION.render().copy();
    Manifest manifest = manifests.find(kind, name).orElseThrow();
    int end = pointer.lastIndexOf('/');
    var parent = (ObjectNode) manifest.at(pointer.substring(0, end));
    if (value.isMissingNode()) {
      parent.remove(pointer.substring(end + 1));
    } else {
      parent.set(pointer.substring(end + 1), value);
    }

    assertThat(Lint.complaints(manifests)).anyMatch(said -> said.contains(complaint));
  }

  static Stream<Arguments> what_would_not_work_is_minded() {
    return Stream.of(
        // Selectors
        wrong(
            "does not select its own pods",
            "Deployment",
            "gateway",
            "/spec/selector/matchLabels",
            map("app", "gateway")),
        wrong(
            "spreads pods that are not its own",
            "Deployment",
            "gateway",
            POD + "/topologySpreadConstraints/0/labelSelector",
            map("matchLabels", map("app", "x"))),
        wrong(
            "selects no pod",
            "Service",
            "gateway",
            "/spec/selector",
            map("app.kubernetes.io/name", "gatewy")),
        wrong(
            "selects no pod",
            "PodDisruptionBudget",
            "worker",
            "/spec/selector/matchLabels",
            map("app.kubernetes.io/name", "workers")),
        wrong(
            "selects no pod",
            "PodMonitor",
            "partyline",
            "/spec/selector",
            map("matchLabels", map("app.kubernetes.io/name", "x"))),
        wrong(
            "selects no pod",
            "NetworkPolicy",
            "clients",
            "/spec/podSelector/matchLabels",
            map("app.kubernetes.io/name", "x")),
        wrong(
            "may be reached from anywhere",
            "NetworkPolicy",
            "nothing",
            "/spec/policyTypes",
            text("Ingress")),
        // Ports
        wrong("sends to a port", "Service", "gateway", "/spec/ports/0/targetPort", text("web")),
        wrong("offers the ops port", "Service", "gateway", "/spec/ports/0/targetPort", text("ops")),
        wrong(
            "is probed on a port it has not",
            "Deployment",
            "worker",
            CONTAINER + "/livenessProbe/httpGet/port",
            text("metrics")),
        wrong(
            "asks on a port",
            "PodMonitor",
            "partyline",
            "/spec/podMetricsEndpoints/0/port",
            text("metrics")),
        wrong(
            "opens a port",
            "NetworkPolicy",
            "clients",
            "/spec/ingress/0/ports/0/port",
            text("https")),
        wrong(
            "leads nowhere",
            "Ingress",
            "chat",
            "/spec/rules/0/http/paths/0/backend/service/port/name",
            text("https")),
        wrong(
            "leads nowhere",
            "Ingress",
            "chat",
            "/spec/rules/0/http/paths/0/backend/service/name",
            text("gatewy")),
        // References
        wrong("there are two of", "NetworkPolicy", "stores", "/metadata/name", text("names")),
        wrong(
            "reads a ConfigMap that is not there",
            "Deployment",
            "worker",
            CONTAINER + "/envFrom/0/configMapRef/name",
            text("settings")),
        wrong(
            "reads a key that is not there",
            "Deployment",
            "worker",
            CONTAINER + "/env/0/valueFrom/secretKeyRef/key",
            text("redis_url")),
        wrong(
            "mounts a key that is not there",
            "Deployment",
            "gateway",
            POD + "/volumes/0/secret/items/0/key",
            text("key")),
        wrong(
            "mounts what is not there",
            "Deployment",
            "gateway",
            CONTAINER + "/volumeMounts/0/name",
            text("secrets")),
        wrong(
            "service account that is not there",
            "Deployment",
            "gateway",
            POD + "/serviceAccountName",
            text("default")),
        wrong(
            "scales nothing",
            "ScaledObject",
            "gateway",
            "/spec/scaleTargetRef/name",
            text("gateways")),
        wrong("says its replicas", "Deployment", "gateway", "/spec/replicas", number(3)),
        // Rollout
        wrong(
            "takes pods away before others serve",
            "Deployment",
            "gateway",
            "/spec/strategy/rollingUpdate/maxUnavailable",
            text("25%")),
        wrong("takes a pod for well", "Deployment", "gateway", "/spec/minReadySeconds", gone()),
        wrong(
            "may lose several pods at once",
            "PodDisruptionBudget",
            "gateway",
            "/spec/maxUnavailable",
            number(0)),
        wrong(
            "in the middle of its drain",
            "Deployment",
            "gateway",
            POD + "/terminationGracePeriodSeconds",
            number(70)),
        wrong(
            "leaves before balancers have heard",
            "Deployment",
            "gateway",
            CONTAINER + "/lifecycle/preStop",
            gone()),
        wrong(
            "is killed before it has stopped",
            "Deployment",
            "worker",
            POD + "/terminationGracePeriodSeconds",
            number(5)),
        wrong(
            "livenessProbe asks for",
            "Deployment",
            "gateway",
            CONTAINER + "/livenessProbe/httpGet/path",
            text("/ready")),
        wrong(
            "startupProbe asks for",
            "Deployment",
            "gateway",
            CONTAINER + "/startupProbe/httpGet/path",
            text("/ready")),
        wrong(
            "readinessProbe asks for",
            "Deployment",
            "gateway",
            CONTAINER + "/readinessProbe/httpGet/path",
            text("/live")),
        wrong(
            "is killed while it starts",
            "Deployment",
            "gateway",
            CONTAINER + "/startupProbe/failureThreshold",
            number(3)),
        wrong(
            "may become another image",
            "Deployment",
            "gateway",
            CONTAINER + "/image",
            text("partyline-gateway:latest")),
        wrong(
            "may become another image",
            "Deployment",
            "gateway",
            CONTAINER + "/image",
            text("registry:5000/partyline-gateway")),
        // Pod security
        wrong(
            "may run as root",
            "Deployment",
            "gateway",
            POD + "/securityContext/runAsNonRoot",
            gone()),
        wrong(
            "runs as root", "Deployment", "worker", POD + "/securityContext/runAsUser", number(0)),
        wrong(
            "has no seccomp profile",
            "Deployment",
            "worker",
            POD + "/securityContext/seccompProfile",
            gone()),
        wrong("shares the host", "Deployment", "worker", POD + "/hostNetwork", flag(true)),
        wrong(
            "gets a token of the cluster",
            "Deployment",
            "gateway",
            POD + "/automountServiceAccountToken",
            gone()),
        wrong(
            "gets variables of every service",
            "Deployment",
            "gateway",
            POD + "/enableServiceLinks",
            gone()),
        wrong(
            "has a volume it must not",
            "Deployment",
            "gateway",
            POD + "/volumes/1/hostPath",
            map("path", "/")),
        wrong(
            "may gain privileges",
            "Deployment",
            "gateway",
            CONTAINER + "/securityContext/allowPrivilegeEscalation",
            gone()),
        wrong(
            "keeps capabilities",
            "Deployment",
            "gateway",
            CONTAINER + "/securityContext/capabilities/drop",
            gone()),
        wrong(
            "may write to its root file system",
            "Deployment",
            "gateway",
            CONTAINER + "/securityContext/readOnlyRootFilesystem",
            flag(false)),
        wrong(
            "takes a port of the host",
            "Deployment",
            "gateway",
            CONTAINER + "/ports/0/hostPort",
            number(80)),
        wrong(
            "is lent more than it keeps",
            "Deployment",
            "gateway",
            CONTAINER + "/resources/limits/memory",
            text("2Gi")),
        wrong(
            "asks for no processor",
            "Deployment",
            "gateway",
            CONTAINER + "/resources/requests/cpu",
            gone()),
        wrong(
            "would be throttled",
            "Deployment",
            "gateway",
            CONTAINER + "/resources/limits/cpu",
            text("1")),
        wrong("enforces nothing", "Namespace", "partyline", "/metadata/labels", gone()));
  }

  private static Arguments wrong(
      String complaint, String kind, String name, String pointer, JsonNode value) {
    return Arguments.of(complaint, kind, name, pointer, value);
  }

  private static JsonNode text(String text) {
    return JsonNodeFactory.instance.textNode(text);
  }

  private static JsonNode number(int number) {
    return JsonNodeFactory.instance.numberNode(number);
  }

  private static JsonNode flag(boolean flag) {
    return JsonNodeFactory.instance.booleanNode(flag);
  }

  private static JsonNode gone() {
    return JsonNodeFactory.instance.missingNode();
  }

  private static JsonNode map(String key, String value) {
    return map(key, text(value));
  }

  private static JsonNode map(String key, JsonNode value) {
    return JsonNodeFactory.instance.objectNode().set(key, value);
  }
}

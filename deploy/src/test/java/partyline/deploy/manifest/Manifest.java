package partyline.deploy.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One object for Kubernetes. */
public record Manifest(JsonNode json) {
  private static final List<String> OF_PODS = List.of("Deployment", "StatefulSet", "Job");

  public String kind() {
    return json.path("kind").asText();
  }

  public String name() {
    return json.at("/metadata/name").asText();
  }

  public JsonNode at(String pointer) {
    return json.at(pointer);
  }

  boolean hasPods() {
    return OF_PODS.contains(kind());
  }

  /** Missing, where it has no pods. */
  public JsonNode pod() {
    return hasPods() ? json.at("/spec/template/spec") : MissingNode.getInstance();
  }

  Map<String, String> podLabels() {
    return labels(json.at("/spec/template/metadata/labels"));
  }

  public List<JsonNode> containers() {
    return Stream.of("/initContainers", "/containers")
        .flatMap(field -> pod().at(field).valueStream())
        .toList();
  }

  static Map<String, String> labels(JsonNode object) {
    return object
        .propertyStream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().asText()));
  }

  @Override
  public String toString() {
    return kind() + " " + name();
  }
}

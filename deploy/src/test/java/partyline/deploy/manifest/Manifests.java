package partyline.deploy.manifest;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What one overlay gives Kubernetes. */
public record Manifests(List<Manifest> all) {
  private static final YAMLMapper YAML =
      YAMLMapper.builder(
              YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .build();

  public Manifests {
    all = List.copyOf(all);
  }

  static Manifests parse(String yaml) throws IOException {
    try (MappingIterator<JsonNode> documents = YAML.readerFor(JsonNode.class).readValues(yaml)) {
      return new Manifests(documents.readAll().stream().map(Manifest::new).toList());
    }
  }

  /** One that may be changed without changing this one. */
  public Manifests copy() {
    return new Manifests(
        all.stream().map(manifest -> new Manifest(manifest.json().deepCopy())).toList());
  }

  public Stream<Manifest> of(String kind) {
    return all.stream().filter(manifest -> manifest.kind().equals(kind));
  }

  public Optional<Manifest> find(String kind, String name) {
    return of(kind).filter(manifest -> manifest.name().equals(name)).findFirst();
  }

  Stream<Manifest> withPods() {
    return all.stream().filter(Manifest::hasPods);
  }

  /** Those with pods that a label selector means. */
  List<Manifest> selected(JsonNode selector) {
    return withPods()
        .filter(manifest -> LabelSelector.matches(selector, manifest.podLabels()))
        .toList();
  }
}

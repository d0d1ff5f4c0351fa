package partyline.deploy.manifest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What there is to apply, rendered as {@code kubectl apply -k} does it. */
public enum Overlay {
  DEMO,
  PRODUCTION,
  /** What neither of them takes. */
  OTHER_COMPONENTS;

  private static final Path FOLDER = Path.of("../k8s/overlays");

  /** Relative to this file, as kustomize wants it. */
  private static final String OTHERS =
      """
      apiVersion: kustomize.config.k8s.io/v1beta1
      kind: Kustomization
      namespace: partyline
      resources: [../../../k8s/base]
      components: [../../../k8s/components/gateway-api]
      images:
        - {name: partyline-gateway, newTag: "1"}
        - {name: partyline-worker, newTag: "1"}
      """;

  public Manifests render() throws IOException, InterruptedException {
    return Manifests.parse(yaml());
  }

  String yaml() throws IOException, InterruptedException {
    return Program.found("kubectl", "install it, any from 1.30 on")
        .run(Path.of("."), "kustomize", folder().toString());
  }

  private Path folder() throws IOException {
    return switch (this) {
      case DEMO -> FOLDER.resolve("demo");
      case PRODUCTION -> FOLDER.resolve("production");
      case OTHER_COMPONENTS -> {
        Path folder = Files.createDirectories(Path.of("target/overlay"));
        Files.writeString(folder.resolve("kustomization.yaml"), OTHERS);
        yield folder;
      }
    };
  }
}

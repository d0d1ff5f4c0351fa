package partyline.deploy.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The schemas of other people's kinds, as the packages kubernetes-models have them: as types, by
 * which a field that is not known is an error, and as patterns and bounds.
 */
final class CustomSchema {
  private static final String[] PACKAGES = {
    "typescript@5.9.3",
    "@types/node@22.20.5",
    "@kubernetes-models/gateway-api@2.0.0",
    "@kubernetes-models/keda@2.0.0",
    "@kubernetes-models/prometheus-operator@6.0.0",
  };

  private static final Map<String, String> MODULES =
      Map.of(
          "gateway.networking.k8s.io/v1", "@kubernetes-models/gateway-api",
          "keda.sh/v1alpha1", "@kubernetes-models/keda",
          "monitoring.coreos.com/v1", "@kubernetes-models/prometheus-operator");

  private final Path folder;

  static CustomSchema in(Path folder) throws IOException, InterruptedException {
    Program npm = Program.found("npm", "install Node.js 20 or newer, with npm");
    Files.writeString(folder.resolve("package.json"), "{\"type\": \"module\"}\n");
    npm.run(
        folder,
        Stream.concat(
                Stream.of(
                    "install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"),
                Stream.of(PACKAGES))
            .toArray(String[]::new));
    return new CustomSchema(folder);
  }

  private CustomSchema(Path folder) {
    this.folder = folder;
  }

  static boolean knows(Manifest manifest) {
    return MODULES.containsKey(manifest.at("/apiVersion").asText());
  }

  /** Empty, or what is wrong. */
  String complaints(List<Manifest> manifests) throws IOException, InterruptedException {
    var types = new StringBuilder();
    var values = new StringBuilder();
    for (int i = 0; i < manifests.size(); i++) {
      Manifest manifest = manifests.get(i);
      String version = manifest.at("/apiVersion").asText();
      String from =
          "{ %s as Kind%d } from \"%s/%s\";\n"
              .formatted(manifest.kind(), i, MODULES.get(version), version);
      types
          .append("import ")
          .append(from)
          .append(
              "const object%d: ConstructorParameters<typeof Kind%d>[0] = %s;\n"
                  .formatted(i, i, untyped(manifest)));
      values
          .append("import ")
          .append(from)
          .append("new Kind%d(%s).validate();\n".formatted(i, manifest.json()));
    }
    Files.writeString(folder.resolve("types.ts"), types);
    Files.writeString(folder.resolve("values.mjs"), values);
    Program node = Program.found("node", "install Node.js 20 or newer");
    Program.Result typed =
        node.end(
            folder,
            "node_modules/typescript/bin/tsc",
            "--noEmit",
            "--strict",
            "--skipLibCheck",
            "--module",
            "nodenext",
            "--moduleResolution",
            "nodenext",
            "types.ts");
    if (typed.exitCode() != 0) {
      return typed.said();
    }
    Program.Result valued = node.end(folder, "values.mjs");
    return valued.exitCode() == 0 ? "" : valued.said();
  }

  /** The types know what they are the types of. */
  private static JsonNode untyped(Manifest manifest) {
    ObjectNode json = manifest.json().deepCopy();
    return json.remove(List.of("apiVersion", "kind"));
  }
}

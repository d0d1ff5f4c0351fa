package partyline.gateway.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialects;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import partyline.room.Json;

/**
 * The document's schemas, ready to be held against values.
 *
 * <p>Stricter than what is published: an object has no other fields than those its schema names,
 * unless it says {@code additionalProperties}. Clients ignore fields they do not know, so the
 * published contract stays open; but a field that a node sends and nobody described is a hole in
 * it. And where a {@code discriminator} says which schema is meant, only that one is tried: the
 * failure then names the field, instead of all the schemas that don't fit either.
 */
final class Shapes {

  private static final String ID = "urn:partyline:contract";
  private static final String HERE = "#/components/schemas/";

  private final SchemaRegistry registry;
  private final Map<JsonNode, Schema> known = new ConcurrentHashMap<>();

  Shapes(JsonNode document) {
    ObjectNode all = Json.MAPPER.createObjectNode().put("$id", ID);
    all.set("$defs", prepared(document.path("components").path("schemas")));
    registry =
        SchemaRegistry.withDialect(
            Dialects.getDraft202012(),
            builder ->
                builder
                    .schemas(Map.of(ID, Json.line(all)))
                    .schemaRegistryConfig(
                        SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));
  }

  /** What is wrong with a value, each in a sentence; empty if it fits. */
  List<String> faults(JsonNode schema, JsonNode value) {
    return known
        .computeIfAbsent(schema, new_ -> registry.getSchema(prepared(new_)))
        .validate(value)
        .stream()
        .map(Shapes::sentence)
        .toList();
  }

  private static String sentence(Error error) {
    return error.getInstanceLocation() + " " + error.getMessage();
  }

  private static JsonNode prepared(JsonNode schema) {
    if (schema instanceof ArrayNode array) {
      ArrayNode copy = Json.MAPPER.createArrayNode();
      array.forEach(element -> copy.add(prepared(element)));
      return copy;
    }
    if (!(schema instanceof ObjectNode object)) {
      return schema;
    }
    ObjectNode copy = Json.MAPPER.createObjectNode();
    object
        .properties()
        .forEach(field -> {
          switch (field.getKey()) {
            // What an example shows is a value, whatever it looks like.
            case "examples", "example", "default", "const", "enum" ->
                copy.set(field.getKey(), field.getValue());
            case "$ref" -> copy.put("$ref", absolute(field.getValue().asText()));
            default -> copy.set(field.getKey(), prepared(field.getValue()));
          }
        });
    if (copy.path("type").asText().equals("object")
        && copy.has("properties")
        && !copy.has("additionalProperties")) {
      copy.put("additionalProperties", false);
    }
    if (copy.has("discriminator")) {
      discriminate(copy);
    }
    return copy;
  }

  private static String absolute(String reference) {
    if (!reference.startsWith(HERE)) {
      throw new IllegalArgumentException("a schema refers to what is no schema: " + reference);
    }
    return ID + "#/$defs/" + reference.substring(HERE.length());
  }

  private static void discriminate(ObjectNode schema) {
    String property = schema.path("discriminator").path("propertyName").asText();
    JsonNode mapping = schema.path("discriminator").path("mapping");
    schema.remove(List.of("oneOf", "anyOf", "discriminator"));
    schema.put("type", "object");
    schema.putArray("required").add(property);
    ArrayNode values = schema.putObject("properties").putObject(property).putArray("anyOf");
    ArrayNode branches = schema.putArray("allOf");
    mapping
        .properties()
        .forEach(branch -> {
          values.add(word(branch.getKey()));
          ObjectNode rule = branches.addObject();
          rule.putObject("if").putObject("properties").set(property, word(branch.getKey()));
          rule.putObject("then").put("$ref", absolute(branch.getValue().asText()));
        });
  }

  /** A word, or with a star at its end all that begin so. */
  private static ObjectNode word(String name) {
    ObjectNode word = Json.MAPPER.createObjectNode();
    return name.endsWith("*")
        ? word.put("pattern", "^" + name.substring(0, name.length() - 1).replace(".", "\\."))
        : word.put("const", name);
  }
}

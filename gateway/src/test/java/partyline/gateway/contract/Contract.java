package partyline.gateway.contract;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import partyline.gateway.contract.ServerSentEvents.ServerSentEvent;
import partyline.room.Json;

/**
 * {@code openapi.yaml}, and what it has to say about an exchange.
 *
 * <p>Every answer must be one that is documented for its operation: status, media type, headers,
 * body, and of a problem the code, which must be among the examples that its answer names. A
 * request must be as documented if it was answered well; what was refused may be wrong on purpose.
 */
final class Contract {

  private static final List<String> METHODS =
      List.of("get", "put", "post", "delete", "patch", "head", "options");

  /** What HTTP itself puts into a head. */
  private static final Set<String> PLUMBING =
      Set.of("content-length", "content-type", "transfer-encoding", "date");

  record Operation(String method, String path, JsonNode json) {
    /** {@code POST /v1/rooms/{room}/messages}. */
    String name() {
      return method + " " + path;
    }
  }

  /**
   * What came of looking at an exchange.
   *
   * @param code of the problem, if it was answered with one
   * @param events of the stream, by name
   */
  record Judgement(
      List<String> violations,
      Optional<Operation> operation,
      Optional<String> code,
      List<String> events) {}

  private final JsonNode document;
  private final Shapes shapes;
  private final List<Operation> operations = new ArrayList<>();

  static Contract load() {
    try (InputStream in = Contract.class.getResourceAsStream("/web/openapi.yaml")) {
      var options = new LoaderOptions();
      // The parser guards against other people's files; this one is ours, and says much once.
      options.setMaxAliasesForCollections(1_000);
      Object tree = new Yaml(new SafeConstructor(options)).load(Objects.requireNonNull(in));
      return new Contract(Json.MAPPER.valueToTree(tree));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  Contract(JsonNode document) {
    this.document = document;
    shapes = new Shapes(document);
    document
        .path("paths")
        .properties()
        .forEach(path ->
            path.getValue().properties().stream()
                .filter(field -> METHODS.contains(field.getKey()))
                .forEach(field ->
                    operations.add(
                        new Operation(
                            field.getKey().toUpperCase(Locale.ROOT),
                            path.getKey(),
                            field.getValue()))));
  }

  JsonNode document() {
    return document;
  }

  List<Operation> operations() {
    return List.copyOf(operations);
  }

  List<String> codes() {
    return texts(document.at("/components/schemas/Code/enum"));
  }

  // --- An exchange -----------------------------------------------------------------------------

  Judgement judge(Exchange exchange) {
    boolean isFile = !exchange.path().isEmpty() && !exchange.path().startsWith("/v1/");
    if (isFile && code(exchange).isEmpty()) {
      // Pages and what belongs to them are no part of the API; what is refused instead is.
      return new Judgement(List.of(), Optional.empty(), Optional.empty(), List.of());
    }
    Optional<String> path = path(exchange.path());
    Optional<Operation> operation =
        path.flatMap(documented -> operation(exchange.method(), documented));
    List<String> violations =
        operation.map(known -> answered(exchange, known)).orElseGet(() -> refused(exchange, path));
    if (violations.isEmpty() && operation.isPresent() && exchange.wentWell()) {
      violations = asked(exchange, operation.get());
    }
    return new Judgement(violations, operation, code(exchange), events(exchange));
  }

  private List<String> answered(Exchange exchange, Operation operation) {
    String status = Integer.toString(exchange.status());
    List<JsonNode> documented =
        Stream.of(
                operation.json().path("responses").path(status),
                document.path("x-every-operation").path(status))
            .filter(answer -> !answer.isMissingNode())
            .map(this::resolved)
            .toList();
    return answered(
        exchange, documented, "paths → " + operation.path() + " → " + operation.method());
  }

  /** What no operation answers: a path, a method or an origin that is none of ours. */
  private List<String> refused(Exchange exchange, Optional<String> path) {
    JsonNode documented = document.path("x-no-operation").path(Integer.toString(exchange.status()));
    var violations =
        new ArrayList<>(
            answered(
                exchange,
                documented.isMissingNode() ? List.of() : List.of(resolved(documented)),
                path.map(known -> "paths → " + known).orElse("paths")));
    if (exchange.status() == 405 && path.isPresent()) {
      Set<String> methods = methods(path.get());
      Set<String> allowed =
          new TreeSet<>(List.of(exchange.answered().first("allow").orElse("").split(", *")));
      if (!allowed.equals(methods)) {
        violations.add(exchange + ", Allow: " + allowed + ", but documented are " + methods);
      }
    }
    return violations;
  }

  /** Among several documented answers of a status, one has to fit. */
  private List<String> answered(Exchange exchange, List<JsonNode> documented, String place) {
    if (documented.isEmpty()) {
      return List.of(
          exchange
              + code(exchange).map(code -> " " + code).orElse("")
              + ", which openapi.yaml does not document under "
              + place);
    }
    List<List<String>> judged =
        documented.stream().map(answer -> answered(exchange, answer, place)).toList();
    return judged.stream().filter(List::isEmpty).findFirst().orElse(judged.getFirst());
  }

  private List<String> answered(Exchange exchange, JsonNode documented, String place) {
    var violations = new ArrayList<String>();
    headers(exchange, documented, violations);
    JsonNode content = documented.path("content");
    if (content.isEmpty()) {
      if (!exchange.body().isEmpty()) {
        violations.add(exchange + " with a body, but none is documented under " + place);
      }
      return violations;
    }
    JsonNode media = content.path(exchange.mediaType());
    if (media.isMissingNode()) {
      violations.add(
          exchange
              + " as '"
              + exchange.mediaType()
              + "', but documented under "
              + place
              + " is "
              + content.propertyStream().map(Map.Entry::getKey).toList());
    } else if (exchange.mediaType().equals("text/event-stream")) {
      violations.addAll(stream(media, exchange.body()));
    } else if (exchange.mediaType().startsWith("text/")
        || exchange.mediaType().equals("application/x-ndjson")) {
      violations.addAll(told(media.path("schema"), exchange.body(), exchange + ": body"));
    } else if (exchange.whole()) {
      problem(exchange, media, place, violations);
      violations.addAll(faults(media.path("schema"), exchange.body(), exchange + ": body"));
    }
    return violations;
  }

  private static void problem(
      Exchange exchange, JsonNode media, String place, List<String> violations) {
    code(exchange)
        .filter(code -> !media.path("examples").has(code))
        .ifPresent(code ->
            violations.add(
                exchange
                    + " "
                    + code
                    + ", which openapi.yaml does not document under "
                    + place
                    + ": its examples name "
                    + media.path("examples").propertyStream().map(Map.Entry::getKey).toList()));
  }

  private void headers(Exchange exchange, JsonNode documented, List<String> violations) {
    Map<String, JsonNode> known = new LinkedHashMap<>();
    Stream.of(document.path("x-every-answer"), documented)
        .flatMap(place -> place.path("headers").propertyStream())
        .forEach(header ->
            known.put(header.getKey().toLowerCase(Locale.ROOT), resolved(header.getValue())));
    known.forEach((name, header) ->
        exchange
            .answered()
            .first(name)
            .ifPresentOrElse(
                value ->
                    violations.addAll(
                        told(header.path("schema"), value, exchange + ": header " + name)),
                () -> {
                  if (header.path("required").asBoolean()) {
                    violations.add(exchange + " without the header " + name);
                  }
                }));
    exchange.answered().names().stream()
        .filter(name -> !known.containsKey(name) && !PLUMBING.contains(name))
        .forEach(name -> violations.add(exchange + " with the undocumented header " + name));
  }

  /** What is wrong with the complete events of a stream. */
  List<String> stream(JsonNode media, String body) {
    var violations = new ArrayList<String>();
    for (ServerSentEvent event : ServerSentEvents.parse(body)) {
      JsonNode documented = media.path("x-events").path(documented(event.name()));
      if (documented.isMissingNode()) {
        violations.add("the stream's event '" + event.name() + "' is not named in x-events");
        continue;
      }
      boolean wantsId = documented.path("id").asText().equals("required");
      if (wantsId != event.id().isPresent()) {
        violations.add("the stream's event '" + event.name() + "' has id " + event.id());
      }
      violations.addAll(
          faults(documented.path("data"), event.data(), "the stream's event " + event.name()));
    }
    return violations;
  }

  // --- Its request -----------------------------------------------------------------------------

  private List<String> asked(Exchange exchange, Operation operation) {
    var violations = new ArrayList<String>();
    List<JsonNode> parameters = parameters(operation);
    for (JsonNode parameter : parameters) {
      String name = parameter.path("name").asText();
      String what = exchange + ", but the request's " + name;
      Optional<String> value = value(exchange, operation, parameter);
      if (value.isPresent()) {
        violations.addAll(told(parameter.path("schema"), value.get(), what));
      } else if (parameter.path("required").asBoolean()) {
        violations.add(what + " is missing");
      }
    }
    Set<String> fields = exchange.query().keySet();
    fields.stream()
        .filter(field ->
            parameters.stream()
                .noneMatch(known ->
                    known.path("in").asText().equals("query")
                        && known.path("name").asText().equals(field)))
        .forEach(field ->
            violations.add(exchange + ", but openapi.yaml documents no query field " + field));
    JsonNode body = operation.json().path("requestBody");
    boolean leftOut = exchange.requestBody().isEmpty() && !body.path("required").asBoolean();
    // Of a form only what it holds is JSON.
    boolean form =
        exchange.asked().first("content-type").orElse("").endsWith("form-urlencoded")
            && body.path("content").has("application/x-www-form-urlencoded");
    if (!body.isMissingNode() && !leftOut && !form) {
      violations.addAll(
          faults(
              body.at("/content/application~1json/schema"),
              exchange.requestBody(),
              exchange + ", but the request's body"));
    }
    JsonNode security =
        operation.json().has("security")
            ? operation.json().path("security")
            : document.path("security");
    boolean needsToken = !security.isEmpty() && security.valueStream().noneMatch(JsonNode::isEmpty);
    if (needsToken && exchange.asked().first("authorization").isEmpty()) {
      violations.add(exchange + ", but by its security it needs a token");
    }
    return violations;
  }

  private List<JsonNode> parameters(Operation operation) {
    return Stream.of(document.path("paths").path(operation.path()), operation.json())
        .flatMap(place -> place.path("parameters").valueStream())
        .map(this::resolved)
        .toList();
  }

  private static Optional<String> value(
      Exchange exchange, Operation operation, JsonNode parameter) {
    String name = parameter.path("name").asText();
    return switch (parameter.path("in").asText()) {
      case "header" -> exchange.asked().first(name);
      case "query" ->
          Optional.ofNullable(exchange.query().get(name)).map(all -> String.join(",", all));
      case "path" -> {
        int at = List.of(operation.path().split("/")).indexOf("{" + name + "}");
        yield Optional.of(Exchange.decoded(exchange.path().split("/")[at].replace("+", "%2B")));
      }
      default -> throw new IllegalStateException("a parameter in " + parameter.path("in"));
    };
  }

  // --- Values ----------------------------------------------------------------------------------

  /** What is wrong with a value that came as plain text: a header, a field of path or query. */
  private List<String> told(JsonNode schema, String text, String what) {
    JsonNode whole = resolved(schema);
    JsonNode value =
        switch (whole.path("type").asText()) {
          case "integer", "number" -> number(text);
          case "array" ->
              Arrays.stream(text.split(",", -1))
                  .collect(Json.MAPPER::createArrayNode, ArrayNode::add, ArrayNode::addAll);
          default -> TextNode.valueOf(text);
        };
    return shapes.faults(schema, value).stream().map(fault -> what + fault).toList();
  }

  private static JsonNode number(String text) {
    return text.matches("-?\\d{1,18}")
        ? Json.MAPPER.getNodeFactory().numberNode(Long.parseLong(text))
        : TextNode.valueOf(text);
  }

  private List<String> faults(JsonNode schema, String json, String what) {
    try {
      return faults(schema, Json.MAPPER.readTree(json), what);
    } catch (JsonProcessingException broken) {
      return List.of(what + " is not JSON");
    }
  }

  List<String> faults(JsonNode schema, JsonNode value, String what) {
    return shapes.faults(schema, value).stream().map(fault -> what + fault).toList();
  }

  private static Optional<String> code(Exchange exchange) {
    if (!exchange.mediaType().equals("application/problem+json") || exchange.body().isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Json.MAPPER.readTree(exchange.body()).path("code").asText());
    } catch (JsonProcessingException broken) {
      return Optional.of("(not JSON)");
    }
  }

  private static List<String> events(Exchange exchange) {
    return exchange.mediaType().equals("text/event-stream")
        ? ServerSentEvents.parse(exchange.body()).stream()
            .map(event -> documented(event.name()))
            .toList()
        : List.of();
  }

  /** The site names its own events, and all of them alike. */
  private static String documented(String event) {
    return event.startsWith("app.") ? "app.*" : event;
  }

  // --- The document ----------------------------------------------------------------------------

  /** The documented path that a request's path is one of; names in it before wildcards. */
  private Optional<String> path(String asked) {
    return operations.stream()
        .map(Operation::path)
        .distinct()
        .filter(path -> matches(path.split("/", -1), asked.split("/", -1)))
        .min((one, other) -> Long.compare(wildcards(one), wildcards(other)));
  }

  private static boolean matches(String[] documented, String[] asked) {
    if (documented.length != asked.length) {
      return false;
    }
    for (int i = 0; i < documented.length; i++) {
      boolean fits =
          documented[i].startsWith("{") ? !asked[i].isEmpty() : documented[i].equals(asked[i]);
      if (!fits) {
        return false;
      }
    }
    return true;
  }

  private static long wildcards(String path) {
    return path.chars().filter(character -> character == '{').count();
  }

  private Optional<Operation> operation(String method, String path) {
    return operations.stream()
        .filter(known -> known.path().equals(path) && known.method().equals(method))
        .findFirst();
  }

  /** What {@code Allow} must say. */
  private Set<String> methods(String path) {
    Set<String> methods =
        operations.stream()
            .filter(known -> known.path().equals(path))
            .map(Operation::method)
            .collect(Collectors.toCollection(TreeSet::new));
    methods.add("OPTIONS");
    return methods;
  }

  /** What a reference stands for; throws {@link IllegalArgumentException} if it leads nowhere. */
  JsonNode resolved(JsonNode node) {
    if (!(node instanceof ObjectNode) || !node.has("$ref")) {
      return node;
    }
    String reference = node.path("$ref").asText();
    JsonNode target = document.at(reference.substring(1));
    if (target.isMissingNode()) {
      throw new IllegalArgumentException("openapi.yaml refers to nothing: " + reference);
    }
    return resolved(target);
  }

  static List<String> texts(JsonNode array) {
    return array.valueStream().map(JsonNode::asText).toList();
  }
}

package partyline.gateway.http;

import io.vertx.core.http.HttpServerRequest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The query of a request, percent-decoded exactly once. Strict where leniency would change what was
 * asked for: a broken escape or broken UTF-8 makes the whole query malformed.
 */
final class Query {

  private final Map<String, List<String>> values;

  private Query(Map<String, List<String>> values) {
    this.values = values;
  }

  /** Empty if it is malformed. The head's size bounds how much there can be of it. */
  static Optional<Query> of(HttpServerRequest request) {
    return parse(request.query());
  }

  static Optional<Query> parse(@Nullable String text) {
    var values = new LinkedHashMap<String, List<String>>();
    for (String part : text == null ? new String[0] : text.split("&")) {
      if (part.isEmpty()) {
        continue;
      }
      int equals = part.indexOf('=');
      Optional<String> name = decode(equals < 0 ? part : part.substring(0, equals));
      Optional<String> value = decode(equals < 0 ? "" : part.substring(equals + 1));
      if (name.isEmpty() || value.isEmpty()) {
        return Optional.empty();
      }
      values.computeIfAbsent(name.get(), none -> new ArrayList<>(1)).add(value.get());
    }
    return Optional.of(new Query(values));
  }

  static Problem malformed() {
    return Problem.invalid("query", "has a broken percent escape or is not UTF-8");
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  /** The first value; empty text counts as not given. */
  Optional<String> first(String name) {
    List<String> all = all(name);
    return all.isEmpty() || all.getFirst().isEmpty()
        ? Optional.empty()
        : Optional.of(all.getFirst());
  }

  List<String> all(String name) {
    return values.getOrDefault(name, List.of());
  }

  Optional<String> firstNameOf(List<String> names) {
    for (String name : names) {
      if (has(name)) {
        return Optional.of(name);
      }
    }
    return Optional.empty();
  }

  /** Percent-decoding of a form: {@code +} is a space. */
  private static Optional<String> decode(String text) {
    if (text.indexOf('%') < 0) {
      return Optional.of(text.replace('+', ' '));
    }
    byte[] raw = text.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(raw.length);
    for (int i = 0; i < raw.length; i++) {
      if (raw[i] == '%') {
        int high = i + 2 < raw.length ? Character.digit(raw[i + 1], 16) : -1;
        int low = high < 0 ? -1 : Character.digit(raw[i + 2], 16);
        if (low < 0) {
          return Optional.empty();
        }
        bytes.put((byte) (high << 4 | low));
        i += 2;
      } else {
        bytes.put(raw[i] == '+' ? (byte) ' ' : raw[i]);
      }
    }
    try {
      return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString());
    } catch (CharacterCodingException notUtf8) {
      return Optional.empty();
    }
  }
}

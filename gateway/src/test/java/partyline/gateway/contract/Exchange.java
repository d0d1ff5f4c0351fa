package partyline.gateway.contract;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A request and what it was answered, as they stood on the wire.
 *
 * @param target path and query; empty for what could not be read as a request
 * @param whole whether the answer's body was read to its end: a stream's seldom is
 */
public record Exchange(
    String method,
    String target,
    Headers asked,
    String requestBody,
    int status,
    Headers answered,
    String body,
    boolean whole) {

  String path() {
    int question = target.indexOf('?');
    return question < 0 ? target : target.substring(0, question);
  }

  /** The fields of the query, decoded, with all their values. */
  Map<String, List<String>> query() {
    var fields = new LinkedHashMap<String, List<String>>();
    int question = target.indexOf('?');
    if (question >= 0) {
      for (String pair : target.substring(question + 1).split("&")) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        String value = equals < 0 ? "" : pair.substring(equals + 1);
        fields.computeIfAbsent(decoded(name), first -> new ArrayList<>()).add(decoded(value));
      }
    }
    return fields;
  }

  /** Of a request that was answered well, so its escapes can't be broken. */
  static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  boolean wentWell() {
    return status >= 200 && status < 300;
  }

  String mediaType() {
    return answered.first("content-type").map(type -> type.split(";")[0].strip()).orElse("");
  }

  /** For failures: {@code POST /v1/guests answered 403}. */
  @Override
  public String toString() {
    return method + " " + target + " answered " + status;
  }
}

package partyline.gateway.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import partyline.room.Json;

/**
 * Reads a body that must be a JSON object, whatever its Content-Type says. Fields we do not know
 * are ignored, so that newer clients can talk to older nodes; a field given twice is refused,
 * because two readers of such JSON disagree about what it says.
 */
final class JsonBody {

  /**
   * Keeps numbers as they were written: a double would change what a site put into {@code data}.
   */
  private static final ObjectReader READER =
      Json.MAPPER.reader().with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  private JsonBody() {}

  static Parsed<ObjectNode> parse(Buffer body) {
    String text;
    try {
      // Strictly: a replacement character would stand for something else in each retry's hash.
      text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body.getBytes())).toString();
    } catch (CharacterCodingException broken) {
      return wrong("is not UTF-8");
    }
    try {
      return READER.readTree(text) instanceof ObjectNode object
          ? Parsed.good(object)
          : wrong("must be a JSON object");
    } catch (JsonProcessingException notJson) {
      return wrong("is not JSON: " + notJson.getOriginalMessage().lines().findFirst().orElse(""));
    }
  }

  /** Where a body may be left out, and nothing is as good as {@code {}}. */
  static Parsed<ObjectNode> parseAny(Buffer body) {
    return body.length() == 0 ? Parsed.good(Json.MAPPER.createObjectNode()) : parse(body);
  }

  /** Half of a surrogate pair can be written in JSON and can't be written in UTF-8. */
  static boolean isWellFormed(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  private static Parsed<ObjectNode> wrong(String reason) {
    return Parsed.bad(Problem.invalid("body", reason));
  }
}

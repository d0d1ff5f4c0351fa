package partyline.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import partyline.room.Limits;

/** Why somebody does something to somebody else, in their own words; may be left out. */
final class Reason {

  private Reason() {}

  static Optional<String> parse(JsonNode value, Faults faults) {
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    String text = value.asText();
    if (!value.isTextual()
        || !JsonBody.isWellFormed(text)
        || text.codePointCount(0, text.length()) > Limits.REASON_CODE_POINTS) {
      faults.add(
          "reason", "must be a string of at most " + Limits.REASON_CODE_POINTS + " characters");
    }
    return Optional.of(text);
  }
}

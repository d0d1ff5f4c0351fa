package partyline.room;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * The one way JSON is read and written: strict on the way in, always one line on the way out.
 *
 * <p>What we write ends up as a {@code data:} line of SSE. Jackson escapes CR and LF inside
 * strings; U+0085, U+2028 and U+2029 are escaped too, because clients exist that split lines on
 * them.
 */
public final class Json {

  private static final int MAX_DEPTH = 32;

  private static final JsonFactory FACTORY =
      new JsonFactoryBuilder()
          .characterEscapes(new LineEscapes())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(100)
                  .build())
          .build();

  /** Thread-safe; never reconfigure it. */
  public static final ObjectMapper MAPPER =
      JsonMapper.builder(FACTORY).enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private Json() {}

  /** The text as a JSON string, quotes included. */
  public static String quote(String text) {
    return write(text);
  }

  /** On one line. Not {@link JsonNode#toString}, which knows nothing of our escapes. */
  public static String line(JsonNode json) {
    return write(json);
  }

  private static String write(Object json) {
    try {
      return MAPPER.writeValueAsString(json);
    } catch (com.fasterxml.jackson.core.JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static final class LineEscapes extends CharacterEscapes {

    private static final long serialVersionUID = 1;

    /** Asked for each time something is written; only read. */
    private final int[] ascii = standardAsciiEscapesForJSON();

    @Override
    public int[] getEscapeCodesForAscii() {
      return ascii;
    }

    @Override
    @org.jspecify.annotations.Nullable
    public SerializableString getEscapeSequence(int character) {
      return switch (character) {
        case 0x85 -> new SerializedString("\\u0085");
        case 0x2028 -> new SerializedString("\\u2028");
        case 0x2029 -> new SerializedString("\\u2029");
        default -> null;
      };
    }
  }
}

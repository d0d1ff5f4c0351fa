package partyline.room.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import partyline.room.Limits;
import partyline.room.MessageText;
import partyline.room.chat.Refusal.FieldError;
import partyline.room.chat.RoomSettings.Access;
import partyline.room.text.WordFilter;

/**
 * What somebody wants of a room's settings, checked: the fields they named become so, all others
 * stay.
 */
public final class SettingsChange {

  private static final Set<String> KNOWN =
      Set.of(
          "title",
          "topic",
          "access",
          "guests",
          "read_only",
          "slow_mode_s",
          "retention_days",
          "filters");

  private final ObjectNode json;
  private final List<FieldError> errors = new ArrayList<>();

  private SettingsChange(ObjectNode json) {
    this.json = json;
  }

  /**
   * @param json the body of a PUT (upon the defaults) or PATCH (upon what is)
   */
  public static SettingsChange of(ObjectNode json) {
    var change = new SettingsChange(json.deepCopy());
    change.check();
    return change;
  }

  /** What is wrong with it; empty if it can be applied. */
  public List<FieldError> errors() {
    return List.copyOf(errors);
  }

  /** The settings with these changes, of which {@link #errors} found nothing wrong. */
  public RoomSettings applyTo(RoomSettings old) {
    ObjectNode merged = old.toJson();
    json.properties()
        .forEach(field -> {
          if (KNOWN.contains(field.getKey())) {
            merged.set(field.getKey(), field.getValue());
          }
        });
    return RoomSettings.parse(merged);
  }

  private void check() {
    json.fieldNames()
        .forEachRemaining(name -> {
          if (!KNOWN.contains(name)) {
            errors.add(new FieldError(name, "is not a setting of a room"));
          }
        });
    text("title", Limits.ROOM_TITLE_CODE_POINTS);
    text("topic", Limits.ROOM_TOPIC_CODE_POINTS);
    field(
        "access",
        value ->
            Words.constant(Access.class, value).isPresent()
                ? Optional.empty()
                : Optional.of("must be open, members or private"));
    flag("guests");
    flag("read_only");
    number("slow_mode_s", Limits.SLOW_MODE_SECONDS_MAX);
    number("retention_days", (int) Limits.HISTORY_RETENTION_MAX.toDays());
    field("filters", this::filters);
  }

  /** Cleaned in its place: what is shown in a head line is held to what a message is. */
  private void text(String name, int maxPoints) {
    field(
        name,
        value -> {
          if (!value.isTextual()) {
            return Optional.of("must be a string");
          }
          String raw = value.textValue();
          if (raw.isEmpty()) {
            return Optional.empty();
          }
          return switch (MessageText.of(raw)) {
            case MessageText.Refused(String reason) -> Optional.of(reason);
            case MessageText.Clean(String clean)
                when clean.codePointCount(0, clean.length()) > maxPoints ->
                Optional.of("is longer than " + maxPoints + " characters");
            case MessageText.Clean(String clean) -> {
              json.put(name, clean);
              yield Optional.empty();
            }
          };
        });
  }

  private void flag(String name) {
    field(
        name, value -> value.isBoolean() ? Optional.empty() : Optional.of("must be true or false"));
  }

  private void number(String name, int max) {
    field(
        name,
        value ->
            value.isInt() && value.intValue() >= 0 && value.intValue() <= max
                ? Optional.empty()
                : Optional.of("must be 0 to " + max));
  }

  private Optional<String> filters(JsonNode value) {
    if (!value.isObject() || !value.path("words").isArray()) {
      return Optional.of("must be {mode, words: […]}");
    }
    if (Words.constant(Filters.Mode.class, value.path("mode")).isEmpty()) {
      return Optional.of("must have the mode reject or mask");
    }
    if (value.path("words").size() > Limits.FILTER_WORDS) {
      return Optional.of("must have at most " + Limits.FILTER_WORDS + " words");
    }
    int bytes = 0;
    for (JsonNode word : value.path("words")) {
      if (!word.isTextual()
          || !StandardCharsets.UTF_8.newEncoder().canEncode(word.textValue())
          || !WordFilter.isWord(word.textValue())) {
        return Optional.of(
            "must have words of 1 to " + Limits.FILTER_WORD_CODE_POINTS + " visible characters");
      }
      bytes += word.textValue().getBytes(StandardCharsets.UTF_8).length;
    }
    return bytes > Limits.FILTER_BYTES
        ? Optional.of("must have words of at most " + Limits.FILTER_BYTES + " bytes together")
        : Optional.empty();
  }

  private void field(String name, Function<JsonNode, Optional<String>> check) {
    JsonNode value = json.path(name);
    if (!value.isMissingNode()) {
      check.apply(value).ifPresent(reason -> errors.add(new FieldError(name, reason)));
    }
  }
}

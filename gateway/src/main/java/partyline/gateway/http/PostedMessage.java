package partyline.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import partyline.room.Append.Idempotency;
import partyline.room.EventId;
import partyline.room.Json;
import partyline.room.Limits;
import partyline.room.MessageText;
import partyline.room.UserId;
import partyline.room.chat.Command;
import partyline.room.chat.Command.MessageKind;

/**
 * A message as a client posted it, checked and cleaned.
 *
 * @param data any JSON on one line
 * @param kind counts for services alone
 * @param key makes a retry safe; what the client calls this message
 */
record PostedMessage(
    String text,
    Optional<String> data,
    List<UserId> mentions,
    Optional<EventId> replyTo,
    Optional<String> clientMsgId,
    MessageKind kind,
    Optional<String> key) {

  /**
   * @param idempotencyKey the header of that name
   */
  static Parsed<PostedMessage> parse(ObjectNode json, @Nullable String idempotencyKey) {
    var faults = new Faults();
    String text = text(json.path("text"), faults);
    Optional<String> data = data(json.path("data"), faults);
    List<UserId> mentions = mentions(json.path("mentions"), faults);
    Optional<EventId> replyTo = replyTo(json.path("reply_to"), faults);
    Optional<String> clientMsgId = clientMsgId(json.path("client_msg_id"), faults);
    MessageKind kind = kind(json.path("kind"), faults);
    Optional<String> key = key(clientMsgId, IdempotencyKey.of(idempotencyKey, faults), faults);
    return faults
        .problem()
        .map(Parsed::<PostedMessage>bad)
        .orElseGet(() ->
            Parsed.good(new PostedMessage(text, data, mentions, replyTo, clientMsgId, kind, key)));
  }

  /** Of an edit, which changes nothing else. */
  static Parsed<String> parseText(ObjectNode json) {
    var faults = new Faults();
    String text = text(json.path("text"), faults);
    return faults.problem().map(Parsed::<String>bad).orElseGet(() -> Parsed.good(text));
  }

  private static String text(JsonNode value, Faults faults) {
    if (!value.isTextual()) {
      faults.add("text", value.isMissingNode() ? "is missing" : "must be a string");
      return "";
    }
    return switch (MessageText.of(value.textValue())) {
      case MessageText.Clean(String text) -> text;
      case MessageText.Refused(String reason) -> {
        faults.add("text", reason);
        yield "";
      }
    };
  }

  private static Optional<String> data(JsonNode value, Faults faults) {
    if (isAbsent(value)) {
      return Optional.empty();
    }
    String json = Json.line(value);
    if (!JsonBody.isWellFormed(json)) {
      faults.add("data", "holds half of a surrogate pair");
    } else if (json.getBytes(StandardCharsets.UTF_8).length > Limits.MESSAGE_DATA_BYTES) {
      faults.add("data", "is longer than " + Limits.MESSAGE_DATA_BYTES + " bytes");
    }
    return Optional.of(json);
  }

  private static List<UserId> mentions(JsonNode value, Faults faults) {
    if (isAbsent(value)) {
      return List.of();
    }
    if (!value.isArray() || value.size() > Limits.MENTIONS_PER_MESSAGE) {
      faults.add(
          "mentions", "must be an array of at most " + Limits.MENTIONS_PER_MESSAGE + " user ids");
      return List.of();
    }
    var users = new LinkedHashSet<UserId>();
    for (JsonNode user : value) {
      Optional<UserId> id = user.isTextual() ? UserId.parse(user.textValue()) : Optional.empty();
      id.ifPresentOrElse(users::add, () -> faults.add("mentions", "must hold user ids, as text"));
    }
    return List.copyOf(users);
  }

  private static Optional<EventId> replyTo(JsonNode value, Faults faults) {
    if (isAbsent(value)) {
      return Optional.empty();
    }
    Optional<EventId> id = value.isTextual() ? EventId.parse(value.textValue()) : Optional.empty();
    if (id.isEmpty()) {
      faults.add("reply_to", "must be the id of a message");
    }
    return id;
  }

  private static Optional<String> clientMsgId(JsonNode value, Faults faults) {
    if (isAbsent(value)) {
      return Optional.empty();
    }
    if (!value.isTextual() || !IdempotencyKey.isOne(value.textValue())) {
      faults.add("client_msg_id", IdempotencyKey.RULE);
      return Optional.empty();
    }
    return Optional.of(value.textValue());
  }

  private static MessageKind kind(JsonNode value, Faults faults) {
    if (isAbsent(value)) {
      return MessageKind.USER;
    }
    for (MessageKind kind : MessageKind.values()) {
      if (kind.name().toLowerCase(Locale.ROOT).equals(value.textValue())) {
        return kind;
      }
    }
    faults.add("kind", "must be user, system or bot");
    return MessageKind.USER;
  }

  private static Optional<String> key(
      Optional<String> clientMsgId, Optional<String> header, Faults faults) {
    if (header.isPresent() && clientMsgId.isPresent() && !header.equals(clientMsgId)) {
      faults.add("Idempotency-Key", "differs from client_msg_id: send one of them");
    }
    return header.or(() -> clientMsgId);
  }

  /** What its author wants. */
  Command.Post command(UserId author) {
    return new Command.Post(
        text,
        data,
        mentions,
        replyTo,
        clientMsgId,
        kind,
        key.map(named -> new Idempotency(author, named, hash())));
  }

  /** Tells a retry from another message. The author is left out: a new token may rename them. */
  String hash() {
    ObjectNode content = Json.MAPPER.createObjectNode();
    content.put("kind", kind.name());
    putContent(content);
    return IdempotencyKey.digest(Json.line(content));
  }

  private void putContent(ObjectNode message) {
    message.put("text", text);
    data.ifPresent(json -> message.putRawValue("data", new RawValue(json)));
    var list = message.putArray("mentions");
    mentions.forEach(user -> list.add(user.value()));
    replyTo.ifPresent(id -> message.put("reply_to", id.toString()));
  }

  private static boolean isAbsent(JsonNode value) {
    return value.isMissingNode() || value.isNull();
  }
}

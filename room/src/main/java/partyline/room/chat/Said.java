package partyline.room.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.time.Instant;
import partyline.room.Author;
import partyline.room.Json;
import partyline.room.Message;
import partyline.room.UserId;
import partyline.room.text.Markdown;

/** The fields of a message: how they are written, edited, and taken back. */
final class Said {

  private final Message message;
  private final ObjectNode fields;

  private Said(Message message) {
    this.message = message;
    this.fields = Words.object(message.fields());
  }

  static Said of(Message message) {
    return new Said(message);
  }

  boolean isBy(UserId user) {
    return fields.path("by").path("id").asText("").equals(user.value());
  }

  boolean isDeleted() {
    return message.isDeleted();
  }

  boolean hasText(String text) {
    return fields.path("text").asText("").equals(text);
  }

  /** All that it has once it says this instead. */
  ObjectNode edited(String text, Instant at) {
    ObjectNode edited = fields.deepCopy();
    edited.put("text", text).put("html", Markdown.toHtml(text)).put("edited_at", at.toString());
    return edited;
  }

  /** What is left of it: that it was there, whose it was, and nothing of what it said. */
  ObjectNode tombstone(Instant at) {
    ObjectNode left = Json.MAPPER.createObjectNode();
    for (String kept : new String[] {"kind", "by", "reply_to"}) {
      JsonNode value = fields.path(kept);
      if (!value.isMissingNode()) {
        left.set(kept, value);
      }
    }
    return left.put("deleted_at", at.toString());
  }

  /** The message whole, with these fields, as an event brings it to who has it. */
  String asEvent(ObjectNode now) {
    ObjectNode data = Json.MAPPER.createObjectNode();
    ObjectNode whole = data.putObject("message");
    whole.put("id", message.id().toString());
    whole.put("number", message.number());
    whole.put("room", message.room().value());
    whole.put("at", message.at().toString());
    whole.setAll(now);
    return Json.line(data);
  }

  static ObjectNode fields(Command.Post post, String text, Author author) {
    ObjectNode fields = Json.MAPPER.createObjectNode();
    Command.MessageKind kind =
        switch (author.kind()) {
          case SERVICE -> post.kind();
          case BOT -> Command.MessageKind.BOT;
          case MEMBER, GUEST -> Command.MessageKind.USER;
        };
    fields.put("kind", Words.word(kind));
    ObjectNode by = fields.putObject("by");
    by.put("id", author.id().value()).put("name", author.name());
    author.avatar().ifPresent(avatar -> by.put("avatar", avatar));
    by.put("kind", Words.word(author.kind()));
    fields.put("text", text).put("html", Markdown.toHtml(text));
    post.data().ifPresent(json -> fields.putRawValue("data", new RawValue(json)));
    var mentions = fields.putArray("mentions");
    post.mentions().forEach(user -> mentions.add(user.value()));
    post.replyTo().ifPresent(id -> fields.put("reply_to", id.toString()));
    post.clientMsgId().ifPresent(id -> fields.put("client_msg_id", id));
    return fields;
  }
}

package partyline.room.chat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import partyline.room.Append;
import partyline.room.Change;
import partyline.room.EventId;
import partyline.room.Json;
import partyline.room.Message;
import partyline.room.RoomId;
import partyline.room.UserId;

/** One command being decided: who, where, and what is read to decide it. */
record Scene(Intent intent, Reading reading, Standing standing, Policy policy) {

  static Scene of(Intent intent, Reading reading, Policy policy) {
    return new Scene(
        intent, reading, Standing.of(intent.room(), intent.actor(), reading, policy), policy);
  }

  RoomId room() {
    return intent.room();
  }

  Actor actor() {
    return intent.actor();
  }

  UserId me() {
    return intent.actor().id();
  }

  Instant now() {
    return reading.now();
  }

  boolean isService() {
    return intent.actor().isService();
  }

  Optional<Refusal> refusal(Permission permission) {
    return standing.refusal(permission);
  }

  /** A message that is there, not one that was deleted. */
  Optional<Message> message(EventId id) {
    return reading.message(id).filter(found -> !found.isDeleted());
  }

  Optional<Member> member(UserId user) {
    return reading.field(RoomFields.member(user)).map(Member::parse);
  }

  /** Moderators do not act against owners or moderators; nobody acts against themselves. */
  Optional<Refusal> against(UserId user, Optional<Member> member) {
    if (user.equals(me())) {
      return Optional.of(new Refusal.Forbidden("Not against yourself."));
    }
    boolean ranks = member.isPresent() && member.get().role() != Role.MEMBER;
    return ranks && standing.position() == Position.MODERATOR
        ? Optional.of(new Refusal.Forbidden("Only an owner acts against owners and moderators."))
        : Optional.empty();
  }

  Decision write(String type, String data, List<Change> changes) {
    return new Decision.Write(append(type, data, changes));
  }

  Decision write(String type, ObjectNode data, List<Change> changes) {
    return write(type, Json.line(data), changes);
  }

  Decision write(String type, String data, List<Change> changes, Optional<Append.Idempotency> key) {
    Append append = append(type, data, changes);
    return new Decision.Write(key.map(append::under).orElse(append));
  }

  private Append append(String type, String data, List<Change> changes) {
    return Append.of(room(), type, actor().by(), data)
        .expecting(reading.expectations())
        .changing(changes)
        .limitedTo(Rates.of(actor(), policy));
  }

  static Decision refuse(Refusal refusal) {
    return new Decision.Refuse(refusal);
  }

  static Decision forbid(String why) {
    return refuse(new Refusal.Forbidden(why));
  }

  static Decision nothing() {
    return new Decision.Nothing();
  }
}

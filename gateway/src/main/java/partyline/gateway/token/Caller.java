package partyline.gateway.token;

import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import partyline.room.Author;
import partyline.room.RoomId;
import partyline.room.UserId;
import partyline.room.chat.Actor;
import partyline.room.chat.Grant;

/**
 * Who is calling, as their token says; nothing else is evidence of it.
 *
 * @param name never empty; the user's id if the token has none
 * @param avatar an https link
 * @param expiresAt when the token ends; the leeway comes on top
 * @param grants what the token allows in rooms, on top of what the rooms allow
 */
public record Caller(
    UserId id,
    String name,
    Optional<String> avatar,
    Author.Kind kind,
    Instant issuedAt,
    Instant expiresAt,
    List<RoomGrant> grants) {

  public Caller {
    grants = List.copyOf(grants);
  }

  public Author author() {
    return new Author(id, name, avatar, kind);
  }

  /** As whom they act in this room, with what the token gives them there. */
  public Actor in(RoomId room) {
    Set<Grant> given = EnumSet.noneOf(Grant.class);
    grants.stream().filter(grant -> grant.covers(room)).forEach(grant -> given.addAll(grant.can()));
    return new Actor(author(), given);
  }

  /** Of the site itself: a backend, or a bot of its. */
  public boolean isService() {
    return kind.isOfSite();
  }

  /** Without the rest: it may hold what a site would not want in a log. */
  @Override
  public String toString() {
    return "Caller[" + id + "]";
  }
}

package partyline.gateway.http;

import io.vertx.ext.web.RoutingContext;
import partyline.gateway.http.Sight.Onlooker;
import partyline.gateway.token.Caller;
import partyline.room.Presence;
import partyline.room.Presence.Person;
import partyline.room.RoomId;
import partyline.room.chat.Permission;

/**
 * {@code POST /v1/rooms/{room}/typing}: tells the room that I am writing. Too many of these are
 * dropped, and the answer is the same: a client has nothing to do about it.
 */
final class TypingHandler {

  private final Authentication authentication;
  private final Sight sight;
  private final Presence presence;

  TypingHandler(Authentication authentication, Sight sight, Presence presence) {
    this.authentication = authentication;
    this.sight = sight;
    this.presence = presence;
  }

  void post(RoutingContext context) {
    authentication
        .somebody(context.request())
        .orRefuse(
            context, caller -> sight.take(context, onlooker -> read(context, caller, onlooker)));
  }

  /** Whatever the body says; there need not be one. */
  private void read(RoutingContext context, Caller caller, Onlooker onlooker) {
    Answer.after(
        context,
        Body.read(context),
        body ->
            body.orRefuse(
                context,
                ignored ->
                    sight.ifMay(
                        context,
                        onlooker,
                        Permission.POST,
                        () -> tell(context, caller, onlooker.room()))));
  }

  private void tell(RoutingContext context, Caller caller, RoomId room) {
    Answer.after(
        context,
        presence.typing(room, new Person(caller.id(), caller.name())),
        told -> Answer.nothing(context));
  }
}

package partyline.gateway.http;

import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import partyline.room.Field;
import partyline.room.RoomId;
import partyline.room.RoomLog;
import partyline.room.View;
import partyline.room.chat.Permission;
import partyline.room.chat.Policy;
import partyline.room.chat.RoomFields;
import partyline.room.chat.Standing;

/**
 * Who may read a room. Rights are always read from the log, never remembered: a command that was
 * decided on an old memory is caught when it is written, what was told is told.
 */
final class Sight {

  /** Somebody, or nobody in particular, who looks at a room. */
  record Onlooker(Access access, RoomId room) {}

  private final Authentication authentication;
  private final RoomLog log;
  private final Policy policy;

  Sight(Authentication authentication, RoomLog log, Policy policy) {
    this.authentication = authentication;
    this.log = log;
    this.policy = policy;
  }

  /** Goes on with who asks, or answers why that can't be. */
  void take(RoutingContext context, Consumer<Onlooker> next) {
    Access access = authentication.reader(context.request());
    if (access instanceof Access.Refused(Problem problem)) {
      problem.send(context);
      return;
    }
    RoomName.parse("room", context.pathParam("room"))
        .orRefuse(context, room -> next.accept(new Onlooker(access, room)));
  }

  /** What has to be read to know what they may. */
  List<Field> fields(Onlooker onlooker, Field... others) {
    var fields = new ArrayList<Field>(List.of(others));
    fields.addAll(
        onlooker.access() instanceof Access.Known known
            ? Standing.fields(onlooker.room(), known.caller().in(onlooker.room()))
            : List.of(RoomFields.SETTINGS));
    return fields;
  }

  /**
   * @param view of {@link #fields}
   */
  Standing standing(Onlooker onlooker, View view) {
    return onlooker.access() instanceof Access.Known known
        ? Standing.of(onlooker.room(), known.caller().in(onlooker.room()), view, policy)
        : Standing.ofNobody(onlooker.room(), view, policy);
  }

  /** Goes on if they may read the room as it is in this view, or answers why not. */
  void ifReadable(RoutingContext context, Onlooker onlooker, View view, Consumer<Standing> next) {
    Standing standing = standing(onlooker, view);
    standing
        .refusal(Permission.READ)
        .ifPresentOrElse(
            refusal -> Refusals.problem(refusal).send(context), () -> next.accept(standing));
  }

  /**
   * Goes on with what was asked for, if they may read the room. The rights are read after it, on
   * the same way: who lost them in between is told nothing.
   */
  <T> void show(
      RoutingContext context,
      Onlooker onlooker,
      CompletionStage<T> asked,
      BiConsumer<T, Standing> next) {
    Collection<Field> fields = fields(onlooker);
    CompletionStage<View> rights = log.view(onlooker.room(), fields, List.of());
    Answer.after(
        context,
        asked.thenCombine(rights, Shown::new),
        shown ->
            ifReadable(
                context, onlooker, shown.rights(), standing -> next.accept(shown.it(), standing)));
  }

  private record Shown<T>(T it, View rights) {}
}

package partyline.gateway.http;

import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import partyline.gateway.connection.Refused;
import partyline.gateway.hub.Visitor;
import partyline.room.Author;
import partyline.room.EventId;
import partyline.room.Field;
import partyline.room.RoomId;
import partyline.room.RoomLog;
import partyline.room.View;
import partyline.room.chat.Permission;
import partyline.room.chat.Policy;
import partyline.room.chat.RoomFields;
import partyline.room.chat.Standing;
import partyline.room.chat.Turn;

/**
 * Who may read a room. Rights are always read from the log, never remembered: a command that was
 * decided on an old memory is caught when it is written, what was told is told.
 */
public final class Sight {

  /** Somebody, or nobody in particular, who looks at a room. */
  record Onlooker(Access access, RoomId room) {}

  private final Authentication authentication;
  private final RoomLog log;
  private final Policy policy;

  public Sight(Authentication authentication, RoomLog log, Policy policy) {
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

  /** Goes on if they may do this in the room, as things are now, or answers why not. */
  void ifMay(RoutingContext context, Onlooker onlooker, Permission permission, Runnable next) {
    Answer.after(
        context,
        rights(onlooker),
        view ->
            standing(onlooker, view)
                .refusal(permission)
                .ifPresentOrElse(refusal -> Refusals.problem(refusal).send(context), next));
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
    Answer.after(
        context,
        asked.thenCombine(rights(onlooker), Shown::new),
        shown ->
            ifReadable(
                context, onlooker, shown.rights(), standing -> next.accept(shown.it(), standing)));
  }

  // --- Streams ---------------------------------------------------------------------------------

  /**
   * What a stream may carry of the rooms it was asked for.
   *
   * @param readAt the head of each room it may, when that was read
   * @param refused why it may not, of each other one
   */
  record Entrance(SortedMap<RoomId, EventId> readAt, Map<RoomId, Problem> refused) {

    /** For who is not let in. */
    static final Entrance NONE = new Entrance(new TreeMap<>(), Map.of());

    List<RoomId> rooms() {
      return List.copyOf(readAt.keySet());
    }

    boolean isShut() {
      return readAt.isEmpty();
    }

    boolean isWhole() {
      return refused.isEmpty();
    }

    /** Of one that is not whole. */
    Problem problem() {
      return refused.values().iterator().next();
    }

    List<Refused> missing() {
      return refused.entrySet().stream()
          .map(entry -> new Refused(entry.getKey(), entry.getValue().code().word()))
          .toList();
    }
  }

  /** Whether somebody may listen to these rooms, as things are now; all asked about at once. */
  CompletionStage<Entrance> enter(Access access, Collection<RoomId> rooms) {
    var readAt = new TreeMap<RoomId, EventId>();
    var refused = new LinkedHashMap<RoomId, Problem>();
    CompletionStage<Entrance> all =
        CompletableFuture.completedFuture(new Entrance(readAt, refused));
    for (RoomId room : rooms) {
      if (room.isInbox()) {
        // It was put there because it is theirs, and nobody can take it from them.
        readAt.put(room, EventId.ZERO);
        continue;
      }
      var onlooker = new Onlooker(access, room);
      all =
          all.thenCombine(
              rights(onlooker),
              (entrance, view) -> {
                standing(onlooker, view)
                    .refusal(Permission.READ)
                    .ifPresentOrElse(
                        refusal -> refused.put(room, Refusals.problem(refusal)),
                        () -> readAt.put(room, view.head()));
                return entrance;
              });
    }
    return all;
  }

  private CompletionStage<View> rights(Onlooker onlooker) {
    return log.view(onlooker.room(), fields(onlooker), List.of());
  }

  /** As whom a stream goes on listening. */
  Visitor visitor(Access access) {
    Optional<Author> author =
        access instanceof Access.Known known
            ? Optional.of(known.caller().author())
            : Optional.empty();
    return new Visitor() {
      @Override
      public Turn.Effect on(Turn turn) {
        return turn.on(author);
      }

      @Override
      public CompletionStage<Look> look(RoomId room) {
        var onlooker = new Onlooker(access, room);
        return rights(onlooker)
            .thenApply(view ->
                new Look(standing(onlooker, view).refusal(Permission.READ).isEmpty(), view.head()));
      }
    };
  }

  private record Shown<T>(T it, View rights) {}
}

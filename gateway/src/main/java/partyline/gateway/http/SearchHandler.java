package partyline.gateway.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import partyline.gateway.http.Problem.Code;
import partyline.gateway.http.Sight.Entrance;
import partyline.gateway.token.Caller;
import partyline.room.Archive;
import partyline.room.Archive.Hit;
import partyline.room.Archive.Search;
import partyline.room.EventCodec;
import partyline.room.EventId;
import partyline.room.Json;
import partyline.room.Limits;
import partyline.room.Memberships;
import partyline.room.RoomId;

/**
 * {@code GET /v1/search}: looks for words in one room, or in all that somebody belongs to; the site
 * looks everywhere.
 *
 * <p>Rights are read before, to know where to look, and again of every room in which something was
 * found, after it was: who lost a room in between is told nothing of it.
 */
final class SearchHandler {

  private static final int PAGE_DEFAULT = 20;

  /** Where there is no archive, there may be one after the next deploy. */
  private static final int NONE_RETRY_SECONDS = 3_600;

  private final Authentication authentication;
  private final Sight sight;
  private final Memberships memberships;
  private final Optional<Archive> archive;

  SearchHandler(
      Authentication authentication,
      Sight sight,
      Memberships memberships,
      Optional<Archive> archive) {
    this.authentication = authentication;
    this.sight = sight;
    this.memberships = memberships;
    this.archive = archive;
  }

  /** What was asked for. */
  private record Wish(String words, Optional<RoomId> room, Optional<EventId> before, int limit) {

    Search in(Optional<List<RoomId>> rooms) {
      return new Search(words, rooms, before, limit);
    }
  }

  void get(RoutingContext context) {
    Access access = authentication.reader(context.request());
    if (access instanceof Access.Refused(Problem problem)) {
      problem.send(context);
      return;
    }
    Query.of(context.request())
        .map(SearchHandler::parse)
        .orElseGet(() -> Parsed.bad(Query.malformed()))
        .orRefuse(
            context,
            wish ->
                archive.ifPresentOrElse(
                    there -> search(context, there, access, wish),
                    () ->
                        Problem.of(Code.ARCHIVE_UNAVAILABLE)
                            .because("This cluster keeps no archive: ARCHIVE_URL is not set.")
                            .retryAfter(NONE_RETRY_SECONDS)
                            .send(context)));
  }

  private void search(RoutingContext context, Archive there, Access access, Wish wish) {
    if (wish.room().isPresent()) {
      RoomId room = wish.room().get();
      Answer.after(
          context,
          sight.enter(access, List.of(room)),
          entrance -> {
            if (entrance.isShut()) {
              entrance.problem().send(context);
            } else {
              answer(context, there, access, wish, Optional.of(List.of(room)));
            }
          });
      return;
    }
    switch (access) {
      case Access.Known(Caller caller) when caller.isService() ->
          answer(context, there, access, wish, Optional.empty());
      case Access.Known(Caller caller) ->
          Answer.after(
              context,
              memberships.of(caller.id()).thenCompose(rooms -> sight.enter(access, rooms)),
              entrance -> answer(context, there, access, wish, Optional.of(entrance.rooms())));
      case Access.Anonymous _ ->
          Problem.invalid("room", "must be named by who has no token").send(context);
      case Access.Refused(Problem problem) -> problem.send(context);
    }
  }

  private void answer(
      RoutingContext context,
      Archive there,
      Access access,
      Wish wish,
      Optional<List<RoomId>> rooms) {
    boolean nowhere = rooms.isPresent() && rooms.get().isEmpty();
    CompletionStage<List<Hit>> found =
        nowhere ? CompletableFuture.completedFuture(List.of()) : there.search(wish.in(rooms));
    Answer.after(
        context,
        found.thenCompose(hits ->
            sight.enter(access, roomsOf(hits)).thenApply(entrance -> json(hits, entrance, wish))),
        json -> Answer.json(context, Answer.OK, json));
  }

  private static List<RoomId> roomsOf(List<Hit> hits) {
    return hits.stream().map(hit -> hit.message().room()).distinct().toList();
  }

  private static String json(List<Hit> hits, Entrance entrance, Wish wish) {
    ObjectNode json = Json.MAPPER.createObjectNode();
    var list = json.putArray("hits");
    for (Hit hit : hits) {
      if (entrance.readAt().containsKey(hit.message().room())) {
        list.addObject()
            .putRawValue("message", new RawValue(EventCodec.messageJson(hit.message())))
            .put("html", hit.html());
      }
    }
    // Several partitions may give some more: those that share the last one's id.
    if (hits.size() >= wish.limit()) {
      json.put("next", hits.getLast().message().id().toString());
    }
    return Json.line(json);
  }

  private static Parsed<Wish> parse(Query query) {
    var faults = new Faults();
    String words = query.first("q").orElse("").replace("\0", "").strip();
    if (words.codePoints().noneMatch(Character::isLetterOrDigit)
        || words.codePointCount(0, words.length()) > Limits.SEARCH_CODE_POINTS) {
      faults.add(
          "q", "must be words to look for, at most " + Limits.SEARCH_CODE_POINTS + " characters");
    }
    Optional<RoomId> room = Optional.empty();
    if (query.first("room").isPresent()) {
      room = RoomId.parse(query.first("room").get()).filter(name -> !name.isInbox());
      if (room.isEmpty()) {
        faults.add("room", "must be the name of a room");
      }
    }
    Optional<EventId> before = query.first("before").flatMap(EventId::parse);
    if (query.first("before").isPresent() && before.isEmpty()) {
      faults.add("before", "must be what the last page said as next");
    }
    String limit = query.first("limit").orElse(Integer.toString(PAGE_DEFAULT));
    if (!limit.matches("\\d{1,9}")
        || Integer.parseInt(limit) < 1
        || Integer.parseInt(limit) > Limits.SEARCH_PAGE) {
      faults.add("limit", "must be 1 to " + Limits.SEARCH_PAGE);
    }
    Optional<RoomId> in = room;
    return faults
        .problem()
        .map(Parsed::<Wish>bad)
        .orElseGet(() -> Parsed.good(new Wish(words, in, before, Integer.parseInt(limit))));
  }
}

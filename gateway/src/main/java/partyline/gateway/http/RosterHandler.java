package partyline.gateway.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.function.BiFunction;
import partyline.gateway.http.Orders.Order;
import partyline.room.Json;
import partyline.room.Limits;
import partyline.room.RoomLists;
import partyline.room.RoomLists.Entry;
import partyline.room.RoomLists.Page;
import partyline.room.UserId;
import partyline.room.chat.Member;
import partyline.room.chat.Permission;
import partyline.room.chat.RoomFields;
import partyline.room.chat.Sanction;

/**
 * {@code GET /v1/rooms/{room}/members}, {@code …/bans} and {@code …/mutes}: who is in a room, kept
 * out of it or quiet in it, page by page.
 */
final class RosterHandler {

  private final Orders orders;
  private final Sight sight;
  private final RoomLists lists;

  RosterHandler(Orders orders, Sight sight, RoomLists lists) {
    this.orders = orders;
    this.sight = sight;
    this.lists = lists;
  }

  /** Whoever reads the room may know who is in it. */
  void members(RoutingContext context) {
    sight.take(
        context,
        onlooker ->
            page(context)
                .orRefuse(
                    context,
                    page ->
                        sight.show(
                            context,
                            onlooker,
                            lists.fields(
                                onlooker.room(),
                                RoomFields.MEMBER_PREFIX,
                                page.after().orElse(RoomLists.START),
                                page.limit()),
                            (found, _) ->
                                answer(context, "members", found, RosterHandler::member))));
  }

  void bans(RoutingContext context) {
    sanctions(context, "bans", Permission.BAN, RoomFields.BAN_PREFIX);
  }

  void mutes(RoutingContext context) {
    sanctions(context, "mutes", Permission.MUTE, RoomFields.MUTE_PREFIX);
  }

  private void sanctions(
      RoutingContext context, String word, Permission permission, String prefix) {
    orders.take(
        context,
        order ->
            page(context)
                .orRefuse(
                    context,
                    page ->
                        sight.ifMay(
                            context,
                            order.onlooker(),
                            permission,
                            () -> sanctions(context, order, word, prefix, page))));
  }

  private void sanctions(
      RoutingContext context, Order order, String word, String prefix, PageQuery page) {
    Answer.after(
        context,
        lists.fields(order.room(), prefix, page.after().orElse(RoomLists.START), page.limit()),
        found -> answer(context, word, found, RosterHandler::sanction));
  }

  private static Parsed<PageQuery> page(RoutingContext context) {
    return PageQuery.parse(
        context.request(), Limits.LIST_PAGE, after -> after.matches("[1-9]\\d{0,18}|1\\d{19}"));
  }

  private static void answer(
      RoutingContext context,
      String word,
      Page found,
      BiFunction<Page, Entry, Optional<ObjectNode>> shown) {
    ObjectNode json = Json.MAPPER.createObjectNode();
    var list = json.putArray(word);
    found.entries().forEach(entry -> shown.apply(found, entry).ifPresent(list::add));
    found.next().ifPresent(next -> json.put("next", next));
    Answer.json(context, Answer.OK, Json.line(json));
  }

  private static Optional<ObjectNode> member(Page page, Entry entry) {
    return UserId.parse(entry.name()).map(user -> Member.parse(entry.value()).toJson(user));
  }

  /** One whose time is over holds no longer, though it stands there. */
  private static Optional<ObjectNode> sanction(Page page, Entry entry) {
    Sanction sanction = Sanction.parse(entry.value());
    return UserId.parse(entry.name())
        .filter(_ -> sanction.holdsAt(page.now()))
        .map(sanction::toJson);
  }
}

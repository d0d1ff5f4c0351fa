package partyline.room;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import partyline.room.Change.Listing;
import partyline.room.RoomLists.Entry;
import partyline.room.RoomLists.Page;

/** What is promised of lists. */
public abstract class RoomListsContract {

  private static final RoomId LOBBY = new RoomId("lobby");

  protected abstract RoomLists lists();

  protected abstract RoomLog log();

  @Test
  void every_field_that_begins_so_comes_on_some_page_and_no_other() {
    var expected = new HashMap<String, String>();
    var changes = new ArrayList<Change>();
    for (int i = 0; i < 700; i++) {
      String name = "u" + i + ":é *";
      expected.put(name, "v" + i);
      changes.add(new Change.Set(Field.state("member:" + name), "v" + i));
      changes.add(new Change.Set(Field.state("last:" + i), "1"));
    }
    changes.add(new Change.Set(Field.state("members"), "700"));
    changes.add(new Change.Set(Field.state("ban:x"), "b"));
    append(LOBBY, changes);

    var found = new HashMap<String, String>();
    int pages = 0;
    Optional<String> from = Optional.of(RoomLists.START);
    while (from.isPresent()) {
      Page page = await(lists().fields(LOBBY, "member:", from.get(), 50));
      assertThat(page.entries()).hasSizeLessThan(200);
      page.entries().forEach(entry -> found.put(entry.name(), entry.value()));
      from = page.next();
      pages++;
    }

    assertThat(found).isEqualTo(expected);
    assertThat(pages).isBetween(4, 40);
  }

  @Test
  void a_room_without_any_has_one_empty_page() {
    append(LOBBY, List.of(new Change.Set(Field.state("ban:x"), "b")));

    Page none = await(lists().fields(LOBBY, "member:", RoomLists.START, 10));
    Page one = await(lists().fields(LOBBY, "ban:", RoomLists.START, 10));

    assertThat(none.entries()).isEmpty();
    assertThat(none.next()).isEmpty();
    assertThat(one.entries()).containsExactly(new Entry("x", "b"));
  }

  @Test
  void rooms_are_listed_by_name_while_they_are_open() {
    Map.of("c", Listing.OPEN, "a", Listing.OPEN, "b", Listing.HIDDEN, "d", Listing.OPEN)
        .forEach(
            (room, listing) -> append(new RoomId(room), List.of(new Change.ListRoom(listing))));

    assertThat(open(Optional.empty(), 2)).containsExactly(new RoomId("a"), new RoomId("c"));
    assertThat(open(Optional.of(new RoomId("c")), 2)).containsExactly(new RoomId("d"));

    append(new RoomId("a"), List.of(new Change.ListRoom(Listing.HIDDEN)));
    append(new RoomId("d"), List.of(new Change.ListRoom(Listing.DELETED)));
    append(new RoomId("b"), List.of(new Change.ListRoom(Listing.OPEN)));
    assertThat(open(Optional.empty(), 9)).containsExactly(new RoomId("b"), new RoomId("c"));
  }

  private List<RoomId> open(Optional<RoomId> after, int limit) {
    return await(lists().open(after, limit));
  }

  private void append(RoomId room, List<Change> changes) {
    Append append = Append.of(room, "app.x", "{\"id\":\"ada\"}", "{}").changing(changes);
    assertThat(await(log().append(append, EventId.ZERO))).isInstanceOf(AppendResult.Appended.class);
  }

  private static <T> T await(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }
}

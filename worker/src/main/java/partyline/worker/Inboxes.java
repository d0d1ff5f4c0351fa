package partyline.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.room.Append;
import partyline.room.AppendResult;
import partyline.room.Author;
import partyline.room.Change;
import partyline.room.Epoch;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.EventType;
import partyline.room.Field;
import partyline.room.Limits;
import partyline.room.RoomId;
import partyline.room.RoomLists;
import partyline.room.RoomLog;
import partyline.room.UserId;
import partyline.room.View;
import partyline.room.chat.Actor;
import partyline.room.chat.Permission;
import partyline.room.chat.Policy;
import partyline.room.chat.RoomFields;
import partyline.room.chat.Standing;

/**
 * Tells people in their inboxes what happened in rooms and concerns them: exactly once for each
 * event and person.
 *
 * <p>Each notice is written under a key that names its event. So whoever repeats what was done but
 * not committed, or does the same at the same time, writes nothing; and what a failover took back
 * is written again, since its key went with it. Example: w1 tells ada of 7, and dies before its
 * cursor is committed. w2 begins with 7 again: ada was told of 7, and w2 goes on with 8.
 *
 * <p>Keys are forgotten after an hour. For events that are older the id of the last one is written
 * down with the person. That alone would not do: one who was told of 9 after a failover that took
 * the notice of 7 back must be told of 7 again.
 *
 * <p>A notice also expects to be written into the Redis that was looked into: who stood still in
 * between, through a failover, looks again whether the message is still there.
 */
final class Inboxes implements Job {
  private static final Logger LOG = LoggerFactory.getLogger(Inboxes.class);
  private static final int BATCH = 100;

  /** A key is set after its event, and a minute is more than clocks differ. */
  private static final Duration KEYS_LAST = Limits.IDEMPOTENCY_WINDOW.minusMinutes(1);

  private final RoomLog log;
  private final RoomLists lists;
  private final Policy policy;

  Inboxes(RoomLog log, RoomLists lists, Policy policy) {
    this.log = log;
    this.lists = lists;
    this.policy = policy;
  }

  @Override
  public String name() {
    return "inboxes";
  }

  /** What was said before there were inboxes is nobody's news. */
  @Override
  public Begin begin() {
    return Begin.NEWEST;
  }

  @Override
  public int batch() {
    return BATCH;
  }

  @Override
  public void act(List<Event> events) throws InterruptedException {
    for (Event event : events) {
      for (Notice notice : Notice.of(event)) {
        tell(event, notice);
      }
      if (event.type().equals(EventType.ROOM_DELETED)) {
        tellMembers(event);
      }
    }
  }

  /** What the room holds is swept only when the log has forgotten this event, so they are there. */
  private void tellMembers(Event deleted) throws InterruptedException {
    Optional<String> from = Optional.of(RoomLists.START);
    while (from.isPresent()) {
      RoomLists.Page members =
          Await.answer(
              lists.fields(deleted.room(), RoomFields.MEMBER_PREFIX, from.get(), Limits.LIST_PAGE));
      for (RoomLists.Entry member : members.entries()) {
        Optional<UserId> user = UserId.parse(member.name());
        if (user.isPresent()) {
          tell(deleted, Notice.removed(deleted, user.get()));
        }
      }
      from = members.next();
    }
  }

  private void tell(Event event, Notice notice) throws InterruptedException {
    // Only another worker that still believes the job to be its own can have been faster.
    for (int tries = 0; tries < Limits.COMMAND_TRIES; tries++) {
      View view = view(event, notice);
      if (wasTold(event, notice, view) || !concerns(event, notice, view)) {
        return;
      }
      if (!(append(event, notice, view) instanceof AppendResult.Stale)) {
        return;
      }
    }
    throw new IllegalStateException("others are always faster to tell of " + event.id());
  }

  private View view(Event event, Notice notice) throws InterruptedException {
    var fields = new ArrayList<Field>();
    fields.add(told(notice));
    fields.add(Field.replication());
    List<EventId> messages = List.of();
    if (notice.ofReaders()) {
      fields.addAll(Standing.fields(event.room(), actor(notice)));
      messages = List.of(event.id());
    }
    return Await.answer(log.view(event.room(), fields, messages));
  }

  private static boolean wasTold(Event event, Notice notice, View view) {
    boolean isKnownByKey = Duration.between(event.at(), view.now()).compareTo(KEYS_LAST) < 0;
    return !isKnownByKey && isNotAfterLast(event, notice, view);
  }

  private static boolean isNotAfterLast(Event event, Notice notice, View view) {
    return view.field(told(notice))
        .map(EventId::of)
        .filter(last -> !event.id().isAfter(last))
        .isPresent();
  }

  /** A message that is gone already mentions nobody. */
  private boolean concerns(Event event, Notice notice, View view) {
    if (!notice.ofReaders()) {
      return true;
    }
    boolean stands = view.message(event.id()).filter(message -> !message.isDeleted()).isPresent();
    return stands
        && Standing.of(event.room(), actor(notice), view, policy)
            .refusal(Permission.READ)
            .isEmpty();
  }

  private AppendResult append(Event event, Notice notice, View view) throws InterruptedException {
    Field told = told(notice);
    var changes = new ArrayList<Change>();
    if (!isNotAfterLast(event, notice, view)) {
      changes.add(new Change.Set(told, event.id().toString()));
    }
    if (event.type().equals(EventType.ROOM_DELETED)) {
      changes.add(new Change.Remove(RoomFields.roomOf(notice.to(), event.room())));
    }
    Append append =
        Append.of(RoomId.inboxOf(notice.to()), notice.type(), event.by(), notice.data())
            .under(new Append.Idempotency(notice.to(), "of " + event.id(), notice.type()))
            .expecting(List.of(view.asRead(told), view.asRead(Field.replication())))
            .changing(changes);
    return Await.answer(log.append(append, event.id()));
  }

  /** As whom they read the room; what their token may add to it is known to them alone. */
  private static Actor actor(Notice notice) {
    var kind = notice.to().isGuest() ? Author.Kind.GUEST : Author.Kind.MEMBER;
    return Actor.of(new Author(notice.to(), notice.to().value(), Optional.empty(), kind));
  }

  private static Field told(Notice notice) {
    return RoomFields.told(notice.to());
  }

  /** What was told of lost events was lost with them: it is in the same log. */
  @Override
  public void undo(Epoch epoch) {}

  @Override
  public void hole(EventId cursor, EventId first) {
    LOG.warn("nobody is told of what happened between {} and {}", cursor, first);
  }
}

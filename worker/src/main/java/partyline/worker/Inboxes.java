package partyline.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
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
import partyline.room.LogEntry;
import partyline.room.LogPage;
import partyline.room.LogReader;
import partyline.room.Partition;
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
 *
 * <p>Where somebody is in another partition than the room, the list of their rooms could not be
 * changed with the room. It is changed here, in the append that tells them of it, to what the room
 * says by then.
 */
final class Inboxes implements Job {
  static final String JOB = "inboxes";

  private static final Logger LOG = LoggerFactory.getLogger(Inboxes.class);
  private static final int BATCH = 100;

  /** A key is set after its event, and a minute is more than clocks differ. */
  private static final Duration KEYS_LAST = Limits.IDEMPOTENCY_WINDOW.minusMinutes(1);

  /**
   * By how much ids that different partitions give out at the same time may differ: each failover
   * has put them 30 s ahead. More only costs a longer look.
   */
  private static final Duration IDS_DIFFER = Duration.ofMinutes(10);

  private final RoomLog log;
  private final RoomLists lists;
  private final Policy policy;
  private final Whereto whereto;
  private final List<Neighbour> neighbours;

  /**
   * Another partition, whose events concern people of this one too.
   *
   * @param log its own
   * @param inboxes which tell of its events
   */
  record Neighbour(Partition partition, LogReader log, Inboxes inboxes) {}

  /** With a single partition. */
  Inboxes(RoomLog log, RoomLists lists, Policy policy) {
    this(log, lists, policy, Whereto.ONE, List.of());
  }

  /**
   * @param log of all rooms
   * @param lists of the partition whose events these are
   */
  Inboxes(
      RoomLog log, RoomLists lists, Policy policy, Whereto whereto, List<Neighbour> neighbours) {
    this.neighbours = List.copyOf(neighbours);
    this.whereto = whereto;
    this.log = log;
    this.lists = lists;
    this.policy = policy;
  }

  @Override
  public String name() {
    return JOB;
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
      tell(event, _ -> true);
    }
  }

  private void tell(Event event, Predicate<UserId> whom) throws InterruptedException {
    for (Notice notice : Notice.of(event)) {
      if (whom.test(notice.to())) {
        tell(event, notice);
      }
    }
    if (event.type().equals(EventType.ROOM_DELETED)) {
      tellMembers(event, whom);
    }
  }

  /** What the room holds is swept only when the log has forgotten this event, so they are there. */
  private void tellMembers(Event deleted, Predicate<UserId> whom) throws InterruptedException {
    Optional<String> from = Optional.of(RoomLists.START);
    while (from.isPresent()) {
      RoomLists.Page members =
          Await.answer(
              lists.fields(deleted.room(), RoomFields.MEMBER_PREFIX, from.get(), Limits.LIST_PAGE));
      for (RoomLists.Entry member : members.entries()) {
        Optional<UserId> user = UserId.parse(member.name()).filter(whom);
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
      Seen seen = look(event, notice);
      if (wasTold(event, notice, seen) || !concerns(event, notice, seen.room())) {
        return;
      }
      if (!(append(event, notice, seen) instanceof AppendResult.Stale)) {
        return;
      }
    }
    throw new IllegalStateException("others are always faster to tell of " + event.id());
  }

  /** What the room says, and what is known of the person, who may be elsewhere. */
  private record Seen(View room, View person) {}

  private Seen look(Event event, Notice notice) throws InterruptedException {
    var ofRoom = new ArrayList<Field>();
    List<EventId> messages = List.of();
    if (notice.ofReaders()) {
      ofRoom.addAll(Standing.fields(event.room(), actor(notice)));
      messages = List.of(event.id());
    }
    List<Field> ofPerson = List.of(told(notice), Field.replication());
    if (!whereto.isElsewhere(notice.to())) {
      ofRoom.addAll(ofPerson);
      View both = Await.answer(log.view(event.room(), ofRoom, messages));
      return new Seen(both, both);
    }
    ofRoom.add(RoomFields.member(notice.to()));
    return new Seen(
        Await.answer(log.view(event.room(), ofRoom, messages)),
        Await.answer(log.view(RoomId.inboxOf(notice.to()), ofPerson, List.of())));
  }

  private boolean wasTold(Event event, Notice notice, Seen seen) {
    Duration age = Duration.between(event.at(), seen.person().now());
    return age.compareTo(KEYS_LAST) >= 0 && isNotAfterLast(event, notice, seen);
  }

  private boolean isNotAfterLast(Event event, Notice notice, Seen seen) {
    return seen.person()
        .field(told(notice))
        .map(EventId::of)
        .filter(last -> !event.id().isAfter(last))
        .isPresent();
  }

  /** A message that is gone already mentions nobody. */
  private boolean concerns(Event event, Notice notice, View room) {
    if (!notice.ofReaders()) {
      return true;
    }
    boolean stands = room.message(event.id()).filter(message -> !message.isDeleted()).isPresent();
    return stands
        && Standing.of(event.room(), actor(notice), room, policy)
            .refusal(Permission.READ)
            .isEmpty();
  }

  private AppendResult append(Event event, Notice notice, Seen seen) throws InterruptedException {
    Field told = told(notice);
    View person = seen.person();
    var changes = new ArrayList<Change>();
    if (!isNotAfterLast(event, notice, seen)) {
      changes.add(new Change.Set(told, event.id().toString()));
    }
    listed(event, notice, seen.room()).ifPresent(changes::add);
    Append append =
        Append.of(RoomId.inboxOf(notice.to()), notice.type(), event.by(), notice.data())
            .under(new Append.Idempotency(notice.to(), "of " + whereto.name(event), notice.type()))
            .expecting(List.of(person.asRead(told), person.asRead(Field.replication())))
            .changing(changes);
    return Await.answer(log.append(append, event.id()));
  }

  /** What becomes of the list of their rooms, unless that was done with the event. */
  private Optional<Change> listed(Event event, Notice notice, View room) {
    Field listed = RoomFields.roomOf(notice.to(), event.room());
    if (event.type().equals(EventType.ROOM_DELETED)) {
      return Optional.of(new Change.Remove(listed));
    }
    if (!whereto.isElsewhere(notice.to())) {
      return Optional.empty();
    }
    boolean isMember = room.field(RoomFields.member(notice.to())).isPresent();
    if (isMember && notice.type().equals(EventType.ROOM_ADDED)) {
      return Optional.of(new Change.Set(listed, event.id().toString()));
    }
    return !isMember && notice.type().equals(EventType.ROOM_REMOVED)
        ? Optional.of(new Change.Remove(listed))
        : Optional.empty();
  }

  /** As whom they read the room; what their token may add to it is known to them alone. */
  private static Actor actor(Notice notice) {
    var kind = notice.to().isGuest() ? Author.Kind.GUEST : Author.Kind.MEMBER;
    return Actor.of(new Author(notice.to(), notice.to().value(), Optional.empty(), kind));
  }

  private Field told(Notice notice) {
    return whereto.told(notice.to());
  }

  /**
   * What was told of lost events was lost with them, where both are in the same log. What was told
   * here of events of other partitions was lost alone, and those who told it have gone on. So the
   * events of that time are gone through once more, for who is here. Example: ada is here, and was
   * told of 7 elsewhere; the replica that is promoted here knows nothing of that, neither the
   * notice nor its key; 7 is found there, and told again. What she still has is not.
   */
  @Override
  public void undo(Epoch epoch) throws InterruptedException {
    var since = new EventId(Math.max(0, epoch.branch().ms() - IDS_DIFFER.toMillis()), 0);
    for (Neighbour neighbour : neighbours) {
      neighbour.inboxes().tellAgain(neighbour.log(), since, whereto.from());
    }
  }

  private void tellAgain(LogReader events, EventId since, Partition there)
      throws InterruptedException {
    EventId at = since;
    boolean more = true;
    while (more) {
      LogPage page = Await.answer(events.log(at, EventId.ZERO, Limits.LOG_PAGE_ENTRIES));
      for (LogEntry entry : page.entries()) {
        if (entry instanceof Event event) {
          tell(event, user -> whereto.partitions().of(user).equals(there));
        }
        at = entry.id();
      }
      more = page.more();
    }
  }

  @Override
  public void hole(EventId cursor, EventId first) {
    LOG.warn("nobody is told of what happened between {} and {}", cursor, first);
  }
}

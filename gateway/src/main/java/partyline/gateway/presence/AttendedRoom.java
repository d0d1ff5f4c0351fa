package partyline.gateway.presence;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import partyline.room.Limits;
import partyline.room.Presence.Person;
import partyline.room.Presence.Turnover;
import partyline.room.RoomId;
import partyline.room.UserId;

/**
 * Who listens to one room through this node, and what of it is still to be written.
 *
 * <p>Writing somebody down twice, or taking them out twice, changes nothing: so what is of unknown
 * fate is simply said again. Owned by the loop of the {@link Attendance}.
 */
final class AttendedRoom {

  private static final long HERE = Long.MAX_VALUE;

  private final RoomId name;
  private final Map<UserId, Attending> people = new HashMap<>();
  private final Set<UserId> came = new LinkedHashSet<>();
  private final Set<UserId> went = new LinkedHashSet<>();
  private boolean busy;
  private boolean owing;
  private boolean due;

  /** A user with at least one connection, or within the grace after the last. */
  private static final class Attending {
    private Person person;
    private int connections;
    private long goneAtMillis = HERE;

    Attending(Person person) {
      this.person = person;
    }
  }

  AttendedRoom(RoomId name) {
    this.name = name;
  }

  RoomId name() {
    return name;
  }

  /** Whether this is the first of their connections, and so to be told. */
  boolean comes(Person person) {
    Attending attending = people.get(person.id());
    boolean first = attending == null;
    if (attending == null) {
      attending = new Attending(person);
      people.put(person.id(), attending);
      came.add(person.id());
      went.remove(person.id());
    }
    attending.person = person;
    attending.connections++;
    attending.goneAtMillis = HERE;
    return first;
  }

  /** Whether that was the last of their connections; then they are gone at this time. */
  boolean leaves(UserId user, long goneAtMillis) {
    Attending attending = people.get(user);
    if (attending == null || --attending.connections > 0) {
      return false;
    }
    attending.goneAtMillis = goneAtMillis;
    return true;
  }

  /** Takes them out, unless they came back or left once more since. */
  boolean isGone(UserId user, long goneAtMillis) {
    Attending attending = people.get(user);
    if (attending == null || attending.goneAtMillis != goneAtMillis) {
      return false;
    }
    people.remove(user);
    came.remove(user);
    went.add(user);
    return true;
  }

  /** What is to be said next; nothing else is until it is {@link #done}. */
  Turnover next() {
    busy = true;
    due = false;
    var arrivals = new ArrayList<Person>();
    for (UserId user : take(came, Limits.PRESENCE_CHANGE_PEOPLE)) {
      Attending attending = people.get(user);
      if (attending != null) {
        arrivals.add(attending.person);
      }
    }
    List<UserId> departures = take(went, Limits.PRESENCE_CHANGE_PEOPLE - arrivals.size());
    boolean deserted = people.isEmpty() && came.isEmpty() && went.isEmpty();
    return new Turnover(name, arrivals, departures, deserted);
  }

  private static List<UserId> take(Set<UserId> from, int most) {
    var taken = new ArrayList<UserId>();
    for (Iterator<UserId> next = from.iterator(); next.hasNext() && taken.size() < most; ) {
      taken.add(next.next());
      next.remove();
    }
    return taken;
  }

  void done() {
    busy = false;
  }

  boolean isBusy() {
    return busy;
  }

  /** Nobody knows what became of it. Who came or left meanwhile is in our books already. */
  void repeat(Turnover turnover) {
    due = true;
    turnover.came().stream().map(Person::id).filter(people::containsKey).forEach(came::add);
    turnover.went().stream().filter(user -> !people.containsKey(user)).forEach(went::add);
  }

  /** Under another name nobody has been written down yet. */
  void sayAnew() {
    came.addAll(people.keySet());
    went.clear();
  }

  /** The crowd's size is to be told a little later; false if that was known. */
  boolean owes() {
    boolean first = !owing;
    owing = true;
    return first;
  }

  void pays() {
    owing = false;
    due = true;
  }

  boolean hasNews() {
    return due || !came.isEmpty() || !went.isEmpty();
  }

  boolean isUseless() {
    return !busy && !owing && people.isEmpty() && !hasNews();
  }
}

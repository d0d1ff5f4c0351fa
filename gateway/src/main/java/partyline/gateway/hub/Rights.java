package partyline.gateway.hub;

import java.util.ArrayList;
import java.util.List;
import partyline.gateway.connection.Frame;
import partyline.gateway.hub.Audience.Seat;
import partyline.room.EventId;
import partyline.room.RoomId;
import partyline.room.chat.Turn;

/**
 * The rooms that a subscription has, as long as its visitor may read them.
 *
 * <p>An event that takes the right to read its room is the last of that room that is told. Where
 * the event alone can't say, the log is asked, and until it has said nothing at all may be told.
 * Rights were read before the subscription was opened, so what happened since is looked at first;
 * and so is what it was never told of, be it a hole or an epoch: that may have taken one.
 *
 * <p>Owned by the hub's loop.
 */
final class Rights {

  /** Whose rights they are. */
  interface Holder {

    boolean isEnded();

    /** The log is being asked: nothing is told until {@link Rights#areKnown} again. */
    void unsure();

    /** The log has said of one more room. */
    void looked();

    /** This room is no longer among {@link Rights#rooms}, perhaps from within a call to these. */
    void lost(Seat seat);
  }

  private final Hub hub;
  private final Visitor visitor;
  private final Holder holder;
  private final List<Seat> seats;

  /** Another list when one of them was lost. */
  private List<RoomId> rooms;

  /** How many of the rooms are being looked at. */
  private int looking;

  /**
   * @param rooms sorted, without repeats
   */
  Rights(Hub hub, Visitor visitor, List<RoomId> rooms, Holder holder) {
    this.hub = hub;
    this.visitor = visitor;
    this.rooms = rooms;
    this.holder = holder;
    this.seats = new ArrayList<>(rooms.size());
  }

  List<RoomId> rooms() {
    return rooms;
  }

  List<Seat> seats() {
    return seats;
  }

  boolean areKnown() {
    return looking == 0;
  }

  /** Looks at what happened between the reading of the rights and this beginning. */
  void begin() {
    seatsNow().stream().filter(Seat::isOutdated).forEach(this::look);
  }

  /** Something of these rooms, up to here, was never told. */
  void passedOver(List<RoomId> passed, EventId through) {
    seatsNow().stream()
        .filter(seat -> passed.contains(seat.room()) && !seat.knew(through))
        .forEach(this::look);
  }

  /** This was told. */
  void heed(Frame frame, Turn turn) {
    for (Seat seat : seatsNow()) {
      if (seat.room().equals(frame.room()) && !seat.knew(frame.id())) {
        switch (visitor.on(turn)) {
          case KEEPS -> {}
          case TAKES -> lose(seat);
          case PERHAPS -> look(seat);
        }
      }
    }
  }

  private void look(Seat seat) {
    if (!visitor.equals(Visitor.ANYBODY) && !holder.isEnded() && seat.beginsToLook()) {
      looking++;
      holder.unsure();
      askAbout(seat);
    }
  }

  private void askAbout(Seat seat) {
    if (!holder.isEnded()) {
      hub.loop()
          .on(
              visitor.look(seat.room()),
              (look, failure) -> {
                if (look == null) {
                  hub.retryLater(() -> askAbout(seat));
                } else {
                  looked(seat, look);
                }
              });
    }
  }

  private void looked(Seat seat, Visitor.Look look) {
    if (holder.isEnded()) {
      return;
    }
    looking--;
    seat.looked(look.head());
    if (!look.readable()) {
      lose(seat);
    }
    holder.looked();
  }

  private void lose(Seat seat) {
    RoomId lost = seat.room();
    rooms = rooms.stream().filter(room -> !room.equals(lost)).toList();
    seats.remove(seat);
    holder.lost(seat);
  }

  /** A copy: what is done with them may take one away. */
  private List<Seat> seatsNow() {
    return List.copyOf(seats);
  }
}

package partyline.deploy.check;

import java.util.List;
import java.util.Set;
import partyline.room.RoomId;

/**
 * One client, over all its connections.
 *
 * @param connections in the order in which they were opened
 * @param toTheEnd whether it was given the time to hear the whole log; otherwise it owes nothing
 *     after the last place it was told of
 */
public record Listener(
    String name, Set<RoomId> rooms, List<Connection> connections, boolean toTheEnd) {

  public Listener {
    rooms = Set.copyOf(rooms);
    connections = List.copyOf(connections);
  }
}

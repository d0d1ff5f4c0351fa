package partyline.room.redis;

import java.util.ArrayList;
import java.util.List;
import partyline.room.Field;
import partyline.room.Place;
import partyline.room.RoomId;

/** The keys of one call of a script, whose arguments name them by their place, from 1. */
final class ScriptKeys {

  private final RedisKeys names;
  private final RoomId room;
  private final List<String> keys = new ArrayList<>();

  /**
   * @param fixed those that the script knows by their place
   */
  ScriptKeys(RedisKeys names, RoomId room, List<String> fixed) {
    this.names = names;
    this.room = room;
    this.keys.addAll(fixed);
  }

  /** The place of a key, which is added if it is not there yet. */
  String place(String key) {
    int index = keys.indexOf(key);
    if (index < 0) {
      keys.add(key);
      index = keys.size() - 1;
    }
    return Integer.toString(index + 1);
  }

  /** The place of the hash that holds a field. */
  String place(Field field) {
    return place(
        switch (field.place()) {
          case Place.State _ -> names.state(room);
          case Place.Amended _ -> names.amended(room);
          case Place.Person(var user) -> names.person(user);
          case Place.Tally(var user) -> names.person(user);
          case Place.Read _ -> names.read(room);
          case Place.Log _ -> names.epochs();
        });
  }

  List<String> all() {
    return keys;
  }
}

package partyline.room.chat;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Who may do what. What the table allows, a mute or a room that is read only may still refuse
 * ({@link Standing#refusal}); and a moderator never acts against an owner or another moderator.
 */
final class Permissions {

  private static final String TABLE =
      """
                   owner  moderator  member  guest  reader  service
      read           y        y        y       y      y        y
      post           y        y        y       y      -        y
      react          y        y        y       y      -        y
      report         y        y        y       y      -        y

      delete_any     y        y        -       -      -        y
      pin            y        y        -       -      -        y
      mute           y        y        -       -      -        y
      ban            y        y        -       -      -        y
      kick           y        y        -       -      -        y
      reports        y        y        -       -      -        y

      settings       y        -        -       -      -        y
      roles          y        -        -       -      -        y
      add            y        -        -       -      -        y
      delete_room    y        -        -       -      -        y

      emit           -        -        -       -      -        y
      """;

  private static final Map<Permission, Set<Position>> ALLOWED = parse();

  private Permissions() {}

  static boolean allow(Position position, Permission permission) {
    return ALLOWED.getOrDefault(permission, Set.of()).contains(position);
  }

  private static Map<Permission, Set<Position>> parse() {
    var allowed = new EnumMap<Permission, Set<Position>>(Permission.class);
    String[] lines = TABLE.strip().split("\n+");
    String[] columns = lines[0].strip().split(" +");
    for (int line = 1; line < lines.length; line++) {
      String[] cells = lines[line].strip().split(" +");
      Set<Position> positions = EnumSet.noneOf(Position.class);
      for (int column = 0; column < columns.length; column++) {
        if (cells[column + 1].equals("y")) {
          positions.add(Position.valueOf(columns[column].toUpperCase(Locale.ROOT)));
        }
      }
      allowed.put(Permission.valueOf(cells[0].toUpperCase(Locale.ROOT)), positions);
    }
    return allowed;
  }
}

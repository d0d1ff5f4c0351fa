package partyline.deploy;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import partyline.room.chat.Grant;
import picocli.CommandLine.TypeConversionException;

/**
 * What a token gives in a room, as it is written on a command line: {@code news=read,post}, or
 * {@code shop-*=read} for all rooms that begin so.
 */
record RoomClaim(String room, boolean prefix, Set<Grant> can) {
  private static final Pattern ROOM = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

  RoomClaim {
    can = Set.copyOf(can);
  }

  static RoomClaim parse(String text) {
    String[] halves = text.split("=", 2);
    boolean prefix = halves[0].endsWith("*");
    String room = prefix ? halves[0].substring(0, halves[0].length() - 1) : halves[0];
    if (halves.length < 2 || !ROOM.matcher(room).matches() || room.startsWith("dm.")) {
      throw new TypeConversionException(
          "'" + text + "' is no claim: write a room, = and what it gives, such as news=read,post.");
    }
    var can = EnumSet.noneOf(Grant.class);
    for (String word : halves[1].split(",", -1)) {
      can.add(grant(word));
    }
    return new RoomClaim(room, prefix, can);
  }

  private static Grant grant(String word) {
    return Arrays.stream(Grant.values())
        .filter(grant -> word(grant).equals(word))
        .findFirst()
        .orElseThrow(() ->
            new TypeConversionException(
                "'" + word + "' is nothing to give: write some of " + words() + "."));
  }

  private static String words() {
    return Arrays.stream(Grant.values()).map(RoomClaim::word).collect(Collectors.joining(", "));
  }

  /** As it stands in a token. */
  Map<String, Object> json() {
    List<String> words = can.stream().sorted().map(RoomClaim::word).toList();
    return Map.of("match", prefix ? "prefix" : "exact", "value", room, "can", words);
  }

  private static String word(Grant grant) {
    return grant.name().toLowerCase(Locale.ROOT);
  }
}

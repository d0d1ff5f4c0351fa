package partyline.room;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/** What a process of the cluster calls itself: in leases, in logs, and to its clients. */
public final class NodeName {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  /** What {@link #unique} leaves of a name, so that the result is one again. */
  private static final int KEPT_CHARS = 55;

  private NodeName() {}

  /** As {@code PARTYLINE_NODE} says. */
  public static Optional<String> told(Settings settings) {
    String name = settings.text("PARTYLINE_NODE", "");
    if (name.isEmpty()) {
      return Optional.empty();
    }
    if (!NAME.matcher(name).matches()) {
      throw new Settings.Wrong(
          "PARTYLINE_NODE", name, "Write 1 to 64 letters, digits, dots, dashes or underscores.");
    }
    return Optional.of(name);
  }

  /**
   * The host's name without its domain.
   *
   * @param otherwise when the host has none that would do
   */
  public static String ofHost(String otherwise) {
    try {
      String host = InetAddress.getLocalHost().getHostName().split("\\.", 2)[0];
      return NAME.matcher(host).matches() ? host : otherwise;
    } catch (UnknownHostException nameless) {
      return otherwise;
    }
  }

  /** This name for this process alone: two of one host must not share one. */
  public static String unique(String name) {
    return "%s-%08x"
        .formatted(
            name.substring(0, Math.min(name.length(), KEPT_CHARS)),
            ThreadLocalRandom.current().nextInt());
  }
}

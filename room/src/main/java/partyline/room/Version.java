package partyline.room;

import java.util.Objects;

/** Which Partyline this is. */
public final class Version {

  /** What is said where classes lie in folders and no jar says it. */
  private static final String UNPACKED = "unpacked";

  private Version() {}

  /** As the jar says, {@code 0.1.0}. */
  public static String own() {
    return Objects.requireNonNullElse(
        Version.class.getPackage().getImplementationVersion(), UNPACKED);
  }
}

package partyline.room.archive.local;

import java.nio.file.Path;

/** What is brought along of PostgreSQL, for tests that run it in ways of their own. */
public final class BundledPostgres {

  private BundledPostgres() {}

  /** The folder that holds {@code bin/postgres} and the rest. */
  public static Path programs() {
    return PostgresPrograms.unpacked();
  }
}

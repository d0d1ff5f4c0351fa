package partyline.gateway.http;

import java.util.Collections;
import java.util.HashSet;
import java.util.Set;

/**
 * Remembers what has been said in the log, so that a wrong setting makes a line and not a flood.
 * Thread-safe; after {@code max} different things nothing more is said.
 */
final class LogOnce {

  private final int max;
  private final Set<String> said = Collections.synchronizedSet(new HashSet<>());

  LogOnce(int max) {
    this.max = max;
  }

  boolean isNew(String what) {
    return said.size() < max && said.add(what);
  }
}

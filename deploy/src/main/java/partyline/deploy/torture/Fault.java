package partyline.deploy.torture;

import java.util.SplittableRandom;

/** Something that goes wrong for a while. */
record Fault(String name, Strike strike) {

  interface Strike {
    /**
     * Begins it, and returns what ends it: when that has run, everything is as it was.
     *
     * @param random which of several it strikes
     */
    Runnable begin(SplittableRandom random);
  }
}

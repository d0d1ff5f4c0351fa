package partyline.gateway.hub;

import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The simulator: feeds, hubs and subscriptions as they are, behind loops, a clock, connections and
 * a log that are turned by hand, through schedule after schedule.
 *
 * <p>A build walks through a minute's worth of them at most. {@code mvn -pl gateway -am test
 * -Dtest=SimulatorTest -Dpartyline.schedules=1000000 -Dpartyline.seed=7} walks through a million,
 * and {@code -Dpartyline.schedules=1 -Dpartyline.seed=…} through the one that a failure names.
 */
final class SimulatorTest {
  private static final Logger LOG = LoggerFactory.getLogger(SimulatorTest.class);

  private static final int SCHEDULES = Integer.getInteger("partyline.schedules", 20_000);
  private static final long SEED = Long.getLong("partyline.seed", 20_261_121L);

  @Test
  @Timeout(value = 2, unit = TimeUnit.HOURS)
  void in_no_schedule_is_anybody_lied_to() {
    long start = System.nanoTime();
    LongStream.range(SEED, SEED + SCHEDULES)
        .parallel()
        .forEach(seed -> Step.schedule(seed).walk(World::live));
    long millis = Math.max(1, (System.nanoTime() - start) / 1_000_000);
    LOG.info("{} schedules, {} a minute", SCHEDULES, SCHEDULES * 60_000L / millis);
  }
}

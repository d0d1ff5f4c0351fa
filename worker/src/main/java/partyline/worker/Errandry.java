package partyline.worker;

import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.room.ArchiveUnavailable;
import partyline.room.Claim;
import partyline.room.Errands;
import partyline.room.Errands.Errand;
import partyline.room.Lease;
import partyline.room.Limits;
import partyline.room.LogUnavailable;

/**
 * Does the long work that the site asked for, one after the other, a bounded step a turn; how far
 * it came is noted after each, so that whoever takes over goes on there.
 *
 * <p>No fence: every step can be repeated, and two who do the same one at once do no harm.
 */
final class Errandry implements Duty {
  private static final Logger LOG = LoggerFactory.getLogger(Errandry.class);

  private final Errands errands;
  private final Work export;
  private final Work erasure;
  private final Work purge;

  // Owned by the loop's thread: how often the step that is due failed.
  private int tries;

  /** One kind of it. */
  interface Work {

    /** As it is after the next step; the same if that can't be done yet. */
    Errand step(Errand errand) throws Exception;
  }

  Errandry(Errands errands, Work export, Work erasure, Work purge) {
    this.errands = errands;
    this.export = export;
    this.erasure = erasure;
    this.purge = purge;
  }

  @Override
  public String job() {
    return "errands";
  }

  @Override
  public void begin(Claim.Claimed claimed) {
    tries = 0;
  }

  @Override
  public Optional<Duration> turn(Lease lease) throws Exception {
    Optional<Errand> next = Await.answer(errands.next());
    if (next.isEmpty()) {
      return Optional.of(Limits.ERRANDS_EVERY);
    }
    Errand errand = next.get();
    Errand after = step(errand);
    if (after.equals(errand)) {
      return Optional.of(Limits.JOB_IDLE);
    }
    Await.answer(errands.note(after));
    if (after.state().isEnd()) {
      LOG.info("{} {} has ended as {}", after.kind().word(), after.id(), after.state().word());
    }
    return Optional.of(Duration.ZERO);
  }

  private Errand step(Errand errand) throws Exception {
    try {
      Errand after =
          switch (errand.kind()) {
            case EXPORT -> export.step(errand);
            case ERASE -> erasure.step(errand);
            case PURGE -> purge.step(errand);
          };
      tries = 0;
      return after;
    } catch (LogUnavailable | InterruptedException nobodysFault) {
      throw nobodysFault;
    } catch (ArchiveUnavailable away) {
      throw new NotNow(String.valueOf(away.getMessage()), away);
    } catch (RuntimeException e) {
      if (++tries < Limits.JOB_TRIES) {
        throw e;
      }
      // The others must not wait for it for ever.
      LOG.error("{} {} is given up", errand.kind().word(), errand.id(), e);
      tries = 0;
      return errand.failed("It failed " + Limits.JOB_TRIES + " times: " + e.getClass().getName());
    }
  }
}

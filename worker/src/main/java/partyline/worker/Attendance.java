package partyline.worker;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.room.Crew;
import partyline.room.Limits;
import partyline.room.LogUnavailable;

/** Says every second that this worker is there, and hears who else is. */
final class Attendance {
  private static final Logger LOG = LoggerFactory.getLogger(Attendance.class);

  private final Crew crew;
  private final String worker;
  private final Placement placement;
  private final CountDownLatch stop = new CountDownLatch(1);

  Attendance(Crew crew, String worker, Placement placement) {
    this.crew = crew;
    this.worker = worker;
    this.placement = placement;
  }

  void start() {
    Thread.ofVirtual().name("attendance").start(this::attend);
  }

  private void attend() {
    try {
      do {
        look();
      } while (!stop.await(Limits.JOB_RENEW_EVERY.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      // Nobody interrupts it; ended all the same.
    }
  }

  private void look() throws InterruptedException {
    try {
      placement.see(Await.answer(crew.here(worker, Limits.WORKER_LEASE)));
    } catch (LogUnavailable e) {
      LOG.debug("who is there is not known just now", e);
    }
  }

  /** The others need not wait until it is missed. */
  void stop() throws InterruptedException {
    stop.countDown();
    try {
      Await.answer(crew.gone(worker));
    } catch (LogUnavailable e) {
      LOG.debug("nobody was told that this worker leaves", e);
    }
  }
}

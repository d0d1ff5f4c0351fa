package partyline.worker;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.room.JobLedger;
import partyline.room.Limits;
import partyline.room.LogUnavailable;
import partyline.room.hook.Outbox;
import partyline.room.hook.Webhook;
import partyline.room.hook.Webhooks;

/**
 * A loop for each webhook, as they come and go. Every worker stands for all of them; the ledger
 * says who delivers.
 */
final class WebhookLoops {
  private static final Logger LOG = LoggerFactory.getLogger(WebhookLoops.class);
  private static final int SWEEP_EVERY_LOOKS = 10;

  private final Webhooks webhooks;
  private final Outbox outbox;
  private final JobLedger ledger;
  private final Waiting waiting;
  private final Maker maker;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean started;

  // Written by the thread that looks.
  private final Map<String, Running> running = new ConcurrentHashMap<>();
  private int looks;

  /** Makes a loop, not started yet, for a webhook as it stands each time it is asked for. */
  interface Maker {
    JobLoop make(Supplier<Webhook> webhook);
  }

  private record Running(AtomicReference<Webhook> webhook, JobLoop loop) {}

  WebhookLoops(Webhooks webhooks, Outbox outbox, JobLedger ledger, Waiting waiting, Maker maker) {
    this.waiting = waiting;
    this.webhooks = webhooks;
    this.outbox = outbox;
    this.ledger = ledger;
    this.maker = maker;
  }

  void start() {
    started = true;
    Thread.ofVirtual().name("webhooks").start(this::lookOn);
  }

  private void lookOn() {
    try {
      do {
        tryToLook();
      } while (!stop.await(Limits.WEBHOOKS_LOOKED_UP_EVERY.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      // Nobody interrupts it; ended all the same.
    } finally {
      ended.countDown();
    }
  }

  private void tryToLook() throws InterruptedException {
    try {
      look();
    } catch (LogUnavailable e) {
      LOG.debug("which webhooks there are is not known just now", e);
    } catch (RuntimeException e) {
      LOG.error("webhooks could not be looked up", e);
    }
  }

  /** Begins with those that are new, and ends with those that are off. */
  void look() throws InterruptedException {
    var enabled = new HashMap<String, Webhook>();
    for (Webhook webhook : Await.answer(webhooks.all())) {
      if (webhook.isEnabled()) {
        enabled.put(webhook.name(), webhook);
      }
    }
    running.forEach((name, one) -> {
      if (!enabled.containsKey(name)) {
        one.loop.stop();
      }
    });
    // One that is on again waits for its old loop to end.
    running.values().removeIf(one -> !one.loop.isAlive());
    enabled.forEach((name, webhook) -> {
      Running one = running.get(name);
      if (one == null) {
        begin(webhook);
      } else {
        one.webhook.set(webhook);
      }
    });
    if (looks++ % SWEEP_EVERY_LOOKS == 0) {
      sweep(enabled.keySet());
      waiting.see(Await.answer(outbox.backlog(enabled.keySet())));
    }
  }

  private void begin(Webhook webhook) {
    var present = new AtomicReference<>(webhook);
    JobLoop loop = maker.make(present::get);
    running.put(webhook.name(), new Running(present, loop));
    loop.start();
  }

  private void sweep(Set<String> enabled) throws InterruptedException {
    var names = new HashSet<String>();
    for (String job : Await.answer(ledger.cursors()).keySet()) {
      if (job.startsWith(Outbox.JOBS)) {
        names.add(job.substring(Outbox.JOBS.length()));
      }
    }
    names.removeAll(enabled);
    if (!names.isEmpty()) {
      Await.answer(outbox.sweep(names));
    }
  }

  /** Begins with no more of them. */
  void stop() throws InterruptedException {
    stop.countDown();
    if (started && !ended.await(Limits.JOB_LEASE.toMillis(), TimeUnit.MILLISECONDS)) {
      LOG.info("webhooks are still being looked up");
    }
  }

  List<JobLoop> loops() {
    var loops = new ArrayList<JobLoop>();
    running.values().forEach(one -> loops.add(one.loop));
    return loops;
  }
}

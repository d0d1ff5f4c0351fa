package partyline.room.hook;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.JobLedger.Outcome;
import partyline.room.Lease;
import partyline.room.Limits;

/**
 * What is still to be delivered to webhooks, by the time it is due, and where the outcome is
 * written down. Each webhook is a job of its own; what is written goes under its lease.
 *
 * <p>Times are those of the worker: two whose clocks differ make a retry come so much too early or
 * late, and nothing else.
 *
 * <p>Thread-safe; stages complete on an I/O thread that must not be blocked, and fail with {@link
 * partyline.room.LogUnavailable} only.
 */
public interface Outbox {

  /** What all their jobs begin with. */
  String JOBS = "webhook:";

  /** The job of a webhook. */
  static String job(String webhook) {
    return JOBS + webhook;
  }

  /**
   * What is due by now, the longest first.
   *
   * @param limit 1 to {@link Limits#WEBHOOK_BATCH}
   */
  CompletionStage<List<Parcel>> due(String webhook, Instant now, int limit);

  /**
   * The events of parcels, wherever they are still kept: in the log, in what the room resumes from,
   * or in its history. One that was erased, trimmed or lost is missing.
   *
   * @param parcels at most {@link Limits#WEBHOOK_BATCH}, none of them a test
   */
  CompletionStage<Map<Parcel, Event>> events(Collection<Parcel> parcels);

  /** How the endpoint did when it was called last. */
  CompletionStage<Pause> pause(String webhook);

  /**
   * Writes down what came of some tries, all of it or, when the lease is lost, nothing. Of what is
   * put off only {@link Limits#WEBHOOK_DUE} is kept; the rest is given up.
   */
  CompletionStage<Outcome> settle(Lease lease, String webhook, Pause pause, List<Settled> all);

  /**
   * What came of one.
   *
   * @param wasDue whether it came from here, not from the log
   * @param delivery the try; empty if it was put off without one
   * @param again when it is due again, as the parcel it is then
   * @param dead why it is given up
   */
  record Settled(
      Parcel parcel,
      boolean wasDue,
      Optional<Delivery> delivery,
      Optional<Again> again,
      Optional<String> dead) {}

  /** What is due again, and when. */
  record Again(Parcel parcel, Instant at) {}

  /** What waits for these webhooks, and what all jobs have given up. */
  CompletionStage<Backlog> backlog(Collection<String> webhooks);

  /**
   * @param dead letters that are kept
   * @param waiting parcels
   * @param oldest event among those parcels, about
   */
  record Backlog(long dead, long waiting, Optional<EventId> oldest) {
    public static final Backlog NONE = new Backlog(0, 0, Optional.empty());
  }

  /**
   * Forgets jobs of webhooks that are turned off or gone: an owner that had not heard of it yet may
   * have set the cursor once more, which would hold the log for ever.
   *
   * @param webhooks of which only those are touched that are indeed off
   */
  CompletionStage<Void> sweep(Collection<String> webhooks);
}

package partyline.worker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.room.Audit;
import partyline.room.Audit.Act;
import partyline.room.Audit.Happened;
import partyline.room.Claim;
import partyline.room.Epoch;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.EventType;
import partyline.room.JobLedger.Outcome;
import partyline.room.Json;
import partyline.room.Lease;
import partyline.room.UserId;

/**
 * Notes in the audit what moderators and the site did in rooms. Each event once: the audit knows
 * which it has.
 */
final class AuditJob implements Job {
  static final String JOB = "audit";

  private static final Logger LOG = LoggerFactory.getLogger(AuditJob.class);
  private static final int BATCH = 500;
  private static final List<String> KEPT = List.of("until", "reason", "role", "was_member");

  private final Audit audit;
  private final Counters counters;

  // Owned by the loop's thread.
  private @Nullable Lease lease;

  AuditJob(Audit audit, Counters counters) {
    this.audit = audit;
    this.counters = counters;
  }

  /** Its turns, each under the lease that it notes under. */
  static Duty duty(AuditJob job, JobCursor cursor) {
    return new Duty() {
      @Override
      public String job() {
        return job.name();
      }

      @Override
      public void begin(Claim.Claimed claimed) {
        cursor.begin(claimed);
      }

      @Override
      public long behindSinceMillis() {
        return cursor.behindSinceMillis();
      }

      @Override
      public Optional<Duration> turn(Lease lease) throws Exception {
        job.lease = lease;
        return cursor.turn(lease);
      }
    };
  }

  @Override
  public String name() {
    return JOB;
  }

  @Override
  public Begin begin() {
    return Begin.OLDEST;
  }

  @Override
  public int batch() {
    return BATCH;
  }

  @Override
  public void act(List<Event> events) throws InterruptedException {
    List<Happened> acts = events.stream().flatMap(event -> happened(event).stream()).toList();
    Lease held = lease;
    if (acts.isEmpty() || held == null) {
      return;
    }
    if (Await.answer(audit.note(held, acts)) == Outcome.FENCED) {
      counters.add(Count.FENCED);
    }
  }

  /** Empty for what people do to themselves and to what is theirs. */
  static Optional<Happened> happened(Event event) {
    JsonNode by = json(event.by());
    JsonNode data = json(event.data());
    Optional<String> subject =
        switch (event.type()) {
          case EventType.USER_BANNED,
              EventType.USER_UNBANNED,
              EventType.USER_MUTED,
              EventType.USER_UNMUTED,
              EventType.MEMBER_REMOVED,
              EventType.MEMBER_UPDATED ->
              text(data.path("user_id")).or(() -> text(data.path("member").path("id")));
          case EventType.ROOM_UPDATED, EventType.ROOM_DELETED -> Optional.of(event.room().value());
          case EventType.MESSAGE_DELETED ->
              text(data.path("message").path("id"))
                  .filter(_ -> !data.path("message").path("by").path("id").equals(by.path("id")));
          default -> Optional.empty();
        };
    Optional<UserId> who = text(by.path("id")).flatMap(UserId::parse);
    if (subject.isEmpty() || who.isEmpty()) {
      return Optional.empty();
    }
    // Who asked for it was noted when they did; ten thousand deletions would push out all else.
    if (Site.is(who.get(), by.path("name").asText(who.get().value()))) {
      return Optional.empty();
    }
    var act =
        new Act(
            event.type(),
            who.get(),
            by.path("name").asText(who.get().value()),
            Optional.of(event.room()),
            subject,
            details(data));
    return Optional.of(new Happened(event.id(), event.at(), act));
  }

  private static String details(JsonNode data) {
    ObjectNode details = Json.MAPPER.createObjectNode();
    for (String name : KEPT) {
      JsonNode value = data.has(name) ? data.path(name) : data.path("member").path(name);
      if (value.isValueNode() && !value.isNull()) {
        details.set(name, value);
      }
    }
    return Json.line(details);
  }

  private static Optional<String> text(JsonNode value) {
    return value.isTextual() ? Optional.of(value.textValue()) : Optional.empty();
  }

  private static JsonNode json(String text) {
    try {
      return Json.MAPPER.readTree(text);
    } catch (JsonProcessingException broken) {
      return Json.MAPPER.createObjectNode();
    }
  }

  /** An act that was lost was done all the same, and somebody will ask. */
  @Override
  public void undo(Epoch epoch) {}

  @Override
  public void hole(EventId cursor, EventId first) {
    LOG.warn("the audit knows nothing of what happened between {} and {}", cursor, first);
  }
}

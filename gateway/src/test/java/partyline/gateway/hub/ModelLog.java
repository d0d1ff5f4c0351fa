package partyline.gateway.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import partyline.gateway.feed.Feed;
import partyline.room.Append;
import partyline.room.AppendResult;
import partyline.room.Epochs;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.EventType;
import partyline.room.LogEntry;
import partyline.room.MemoryRoomLog;
import partyline.room.RoomId;

/** A log that things befall, with what is true of it, and pages of it that may be kept back. */
final class ModelLog {

  private final MemoryRoomLog log;
  private final KeptPages pages;
  private final ModelTruth truth;

  ModelLog(MemoryRoomLog log, ModelTruth truth) {
    this.log = log;
    this.pages = new KeptPages(log);
    this.truth = truth;
  }

  MemoryRoomLog log() {
    return log;
  }

  KeptPages pages() {
    return pages;
  }

  ModelTruth truth() {
    return truth;
  }

  /** Through a node, which says what its feed has seen; nothing if Redis refuses. */
  void say(RoomId room, Feed through) {
    log.append(Append.of(room, EventType.MESSAGE_CREATED, "{}", "{}"), through.seen())
        .whenComplete((result, refused) -> {
          if (result instanceof AppendResult.Appended(Event event)) {
            through.answered(event.id());
            truth.appended(event.id(), room);
          }
        });
  }

  /** One of the steps that are about a log and nothing else. */
  void take(Step step) {
    int a = step.a();
    int b = step.b();
    switch (step.kind()) {
      case CUT -> log.cutFeeds("cut");
      case HOLD_FEEDS -> log.holdFeeds();
      case FLOW -> log.flow();
      case KEEP_PAGES -> pages.keep();
      case LET_PAGES_GO -> pages.letGo();
      case REDIS_AWAY -> log.unavailable(true);
      case NO_WRITES -> log.refuseWrites(true);
      case REDIS_BACK -> comeBack();
      case TRIM_LOG -> log.trimLog(a % 10);
      case RESTART -> restart(log.last(), b);
      case ERASE -> erase(a);
      case LOSE_TAIL -> loseTail(a, b);
      case WIPE -> wipe(b);
      default -> throw new IllegalArgumentException(step + " is about more than a log");
    }
  }

  private void comeBack() {
    log.unavailable(false);
    log.refuseWrites(false);
  }

  private void erase(int a) {
    List<ModelTruth.Said> kept = truth.kept();
    if (!kept.isEmpty()) {
      ModelTruth.Said one = kept.get(Math.max(0, kept.size() - 1 - a % 10));
      one.erase();
      log.erase(one.room(), one.id());
    }
  }

  private void loseTail(int a, int b) {
    List<LogEntry> entries = log.entries();
    int kept = entries.size() - 1 - a % 6;
    if (kept >= 0) {
      EventId branch = entries.get(kept).id();
      truth.lostAfter(branch);
      restart(branch, b);
    }
  }

  private void restart(EventId branch, int b) {
    log.loseAfter(branch);
    if (b % 4 > 0) {
      log.cutFeeds("failover");
    }
  }

  private void wipe(int b) {
    truth.lostAfter(EventId.ZERO);
    log.wipe();
    if (b % 4 > 0) {
      log.cutFeeds("wiped");
    }
  }

  void endFaults() {
    log.flow();
    pages.letGo();
    comeBack();
  }

  /** Once it has come to rest. */
  void judge() {
    Epochs epochs = log.epochs();
    for (ModelTruth.Said said : truth.said()) {
      if (said.isLost()) {
        assertThat(epochs.lost(said.id()))
            .as("%s was acknowledged and lost, and no epoch says so", said)
            .isTrue();
      }
    }
  }
}

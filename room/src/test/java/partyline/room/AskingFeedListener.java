package partyline.room;

import java.util.concurrent.CompletableFuture;

/**
 * Asks for the log in the midst of the pushes, on the connection's own thread: no reply can be
 * heard before somebody notes it, however fast the log is.
 */
final class AskingFeedListener extends RecordingFeedListener {

  private final CompletableFuture<FeedConnection> feed = new CompletableFuture<>();
  private final CompletableFuture<EventId> after = new CompletableFuture<>();
  private final int everyEvents;
  private int told;

  /**
   * @param everyEvents one question each time so many events were heard
   */
  AskingFeedListener(int everyEvents) {
    this.everyEvents = everyEvents;
  }

  /** What is asked, and of whom; to be told before the first question falls due. */
  void ask(FeedConnection connection, EventId start) {
    feed.complete(connection);
    after.complete(start);
  }

  int answers() {
    return (int) heard().stream().filter(Heard.Answered.class::isInstance).count();
  }

  @Override
  public void event(Event event) {
    super.event(event);
    told++;
    if (told % everyEvents == everyEvents / 2) {
      feed.join()
          .log(after.join(), EventId.ZERO, Limits.LOG_PAGE_ENTRIES)
          .thenAccept(this::answered);
    }
  }
}

package partyline.room;

import java.util.concurrent.CompletionStage;

/** The signal: opens the connections through which a node hears the log live. */
public interface PubSub {

  /**
   * Connects to the primary and subscribes to the control channel; completes when that is
   * acknowledged. Fails with {@link LogUnavailable} (no primary, no connection), and then the
   * listener hears nothing.
   *
   * @param listener gets everything this one connection hears, until {@code closed}
   */
  CompletionStage<FeedConnection> connect(FeedListener listener);
}

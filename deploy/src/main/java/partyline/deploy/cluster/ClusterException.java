package partyline.deploy.cluster;

import org.jspecify.annotations.Nullable;

/** A cluster could not be started, or a part of it again. The message is written for a person. */
public final class ClusterException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ClusterException(String message) {
    super(message);
  }

  ClusterException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}

package partyline.deploy.load;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a load.
 *
 * @param urls of gateways or of what balances them; listeners and lanes take them in turn
 * @param streams listeners, spread evenly over the rooms, one room each
 * @param rate messages a second, over all rooms
 * @param warmupSeconds before {@code seconds}: published and checked, but not timed
 * @param connectsPerSecond of all processes together
 * @param payloadBytes of a message's text
 * @param processes that hold the listeners
 * @param probes where each of these places says whether it is ready, so that those who have to come
 *     back go, in turn, to places that are; none: to the next one, whatever it is
 */
public record LoadPlan(
    List<URI> urls,
    int streams,
    int rooms,
    double rate,
    int warmupSeconds,
    int seconds,
    Transport transport,
    int connectsPerSecond,
    int payloadBytes,
    int processes,
    Identity identity,
    List<URI> probes) {

  /** How listeners listen. Half and half for {@code MIXED}. */
  public enum Transport {
    SSE,
    POLL,
    MIXED;

    boolean polls(int listener) {
      return this == POLL || (this == MIXED && listener % 2 == 1);
    }
  }

  /**
   * Who listens and posts.
   *
   * @param data folder with the secret that signs a token for each; null: {@code token} is there
   * @param token everybody's; null: {@code data} is there
   * @param anonymous whether listeners show no token at all
   */
  public record Identity(@Nullable String data, @Nullable String token, boolean anonymous) {}

  /** A process may have 20 000 files open; the rest is the JVM's. */
  public static final int STREAMS_PER_PROCESS = 18_000;

  public static final int STREAMS_PER_PROCESS_USUALLY = 10_000;
  public static final int PROCESSES = 32;
  public static final int STREAMS = STREAMS_PER_PROCESS * PROCESSES;
  public static final int ROOMS = 20_000;
  public static final int RATE = 20_000;
  public static final int SECONDS = 24 * 60 * 60;
  public static final long MESSAGES = 50_000_000;
  public static final int CONNECTS_PER_SECOND = 20_000;

  /** Of ASCII, so characters are bytes: a message has at most 4 000. */
  public static final int PAYLOAD_BYTES = 4_000;

  /** Posts under way at once; further rooms share lanes. */
  static final int LANES = 64;

  public LoadPlan {
    urls = List.copyOf(urls);
    probes = List.copyOf(probes);
    if (!probes.isEmpty() && probes.size() != urls.size()) {
      throw new IllegalArgumentException("each place needs a probe, or none does");
    }
  }

  Schedule schedule() {
    return new Schedule(rate, rooms, Math.min(rooms, LANES), warmupSeconds, seconds);
  }

  int roomOf(int listener) {
    return listener % rooms;
  }

  int listenersOf(int room) {
    return (streams - room + rooms - 1) / rooms;
  }

  /** The first listener of a part; {@code firstOf(processes)} is the end. */
  int firstOf(int part) {
    return (int) ((long) streams * part / processes);
  }

  static String roomName(String run, int room) {
    return "load-" + run + "-" + room;
  }
}

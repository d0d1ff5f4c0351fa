package partyline.room;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Who is in which room now, over all nodes and devices.
 *
 * <p>A node writes a pair (user, node) when the first of a user's devices comes to a room through
 * it, and takes it back when the last has left. A user is here while any pair with a living node
 * says so. Only the node's lease is renewed, never its pairs: a room of ten thousand costs nothing
 * while nobody comes or goes.
 *
 * <ul>
 *   <li><b>A lease that lapsed is over for good.</b> So is one that may have been given by a Redis
 *       that lost writes since. The node takes another name and writes its pairs anew; who was
 *       never told to have left is not told to have joined.
 *   <li><b>Pairs of a node that is gone count for nothing at once</b>, and are taken away, and told
 *       of, by {@link #sweep}.
 *   <li><b>Each change that is told raises the room's version by one.</b> Who is told version 9
 *       after 7 has missed something and reads {@link #here}. Versions never fall, also where they
 *       were forgotten (the clock stepping back aside).
 *   <li><b>In a crowd</b> of more than {@link Limits#PRESENCE_NAMED} only its size is told, at most
 *       once in {@link Limits#PRESENCE_COUNT_EVERY}. When it is one no more, a version is left out.
 * </ul>
 *
 * <p>What is told is an {@link Ephemeral} of type {@link EventType#PRESENCE} with {@code {version,
 * count, joined, left}}, persons as {@code {id, name}}; without the last two in a crowd.
 *
 * <p>Example: Ada is here through a and b. a dies: nothing is told. She closes her tab at b: the
 * pair with a means nothing, so she left.
 *
 * <p>Thread-safe. Stages complete on an I/O thread that must not be blocked, and fail with {@link
 * LogUnavailable} only; then whether the call took effect is unknown, and it may be repeated.
 */
public interface Presence {

  /** Somebody, as the others in the room see them. */
  record Person(UserId id, String name) {}

  /**
   * Who is in a room.
   *
   * @param version of the last change that was told; 0 if none was
   * @param people in no order; empty in a crowd
   */
  record Here(long version, int count, List<Person> people) {}

  /**
   * Who came to a room through a node, and who left it there; {@link Limits#PRESENCE_CHANGE_PEOPLE}
   * together at most.
   *
   * @param deserted whether the node has nobody in the room after this
   */
  record Turnover(RoomId room, List<Person> came, List<UserId> went, boolean deserted) {}

  /** What came of a turnover. */
  sealed interface Outcome {
    record Done() implements Outcome {}

    /**
     * It is written, and the crowd's size will be told by the next turnover after this time, which
     * may be an empty one.
     */
    record Held(Duration until) implements Outcome {}

    /** Nothing was done: the node's lease is over. */
    record Over() implements Outcome {}
  }

  /**
   * Takes a lease of {@link Limits#NODE_LEASE}.
   *
   * @param node a name that nobody ever used, see {@link NodeName#unique}
   */
  CompletionStage<Void> open(String node);

  /** Holds the lease for that long from now; false if it is over. */
  CompletionStage<Boolean> renew(String node);

  /** Calls of one node for one room must not overtake each other. */
  CompletionStage<Outcome> change(String node, Turnover turnover);

  CompletionStage<Here> here(RoomId room);

  /**
   * Tells the room that somebody is writing; false if that was dropped, because they said so within
   * {@link Limits#TYPING_EVERY}, or too many do, or the room is a crowd.
   */
  CompletionStage<Boolean> typing(RoomId room, Person by);

  /** Nodes whose lease lapsed and that still have pairs, perhaps. */
  CompletionStage<List<String>> lapsed();

  /**
   * Takes away some of the pairs of a node whose lease lapsed; of another one nothing. Idempotent,
   * also while others do the same.
   *
   * @return whether there is more to do
   */
  CompletionStage<Boolean> sweep(String node);
}

package partyline.room.redis;

import io.lettuce.core.cluster.SlotHash;
import partyline.room.EventId;
import partyline.room.Partition;
import partyline.room.Partitions;
import partyline.room.RoomId;
import partyline.room.UserId;

/**
 * The names of everything we keep in Redis.
 *
 * <p>All of a partition carry its hash tag, {@code {t}} where there is but one, so that they share
 * one slot of a cluster and one script may touch them all: one partition is one total order.
 *
 * @param prefix before every key and channel, for a Redis that is shared; may be empty
 * @param tag of the partition
 * @param sharded whether channels are those of a cluster, which belong to the owner of their slot
 */
public record RedisKeys(String prefix, String tag, boolean sharded) {

  /** Of the only partition. */
  public RedisKeys(String prefix, boolean sharded) {
    this(prefix, Partitions.ONE.all().getFirst().tag(), sharded);
  }

  /** Of another partition in the same place. */
  RedisKeys of(Partition partition) {
    return new RedisKeys(prefix, partition.tag(), sharded);
  }

  /** A stream: every durable event in total order. */
  public String log() {
    return key("log");
  }

  /** A hash: {@code replid}, and the branch of each epoch by its start. */
  public String epochs() {
    return key("epochs");
  }

  /** A stream: the room's last events. */
  public String resume(RoomId room) {
    return key("r:" + room);
  }

  /** A stream: the room's messages. */
  public String history(RoomId room) {
    return key("n:" + room);
  }

  /** A hash: the id of the room's last event, the number of its last message. */
  public String head(RoomId room) {
    return key("h:" + room);
  }

  /** A hash: settings, members… of a room, a JSON value a field. */
  public String state(RoomId room) {
    return key("s:" + room);
  }

  /** A hash: messages of a room that were amended, by id. */
  public String amended(RoomId room) {
    return key("m:" + room);
  }

  /** A hash: the reactions to messages of a room as JSON, by id. */
  public String reactions(RoomId room) {
    return key("x:" + room);
  }

  /** A set: who reacted to a message with what. */
  public String reactors(RoomId room, EventId message) {
    return key("y:" + room + ":" + message);
  }

  /** A sorted set: erased messages of a room by their numbers. */
  public String erased(RoomId room) {
    return key("t:" + room);
  }

  /** A sorted set: messages of which amended or reactions hold something, by milliseconds. */
  public String touched(RoomId room) {
    return key("k:" + room);
  }

  /** A hash: how far each user has read in a room. */
  public String read(RoomId room) {
    return key("read:" + room);
  }

  /** A hash: what people reported of messages of a room. */
  public String reports(RoomId room) {
    return key("q:" + room);
  }

  /** A sorted set: the open ones of these, by their numbers. */
  public String reportsOpen(RoomId room) {
    return key("qo:" + room);
  }

  /** A sorted set: the settled ones. */
  public String reportsSettled(RoomId room) {
    return key("qs:" + room);
  }

  /** A string: how much a user reported in this hour. */
  public String complaints(UserId user) {
    return key("complaints:" + user);
  }

  /** A string: when the bucket of a sender's rate is full again. */
  public String rate(UserId sender) {
    return key("rate:" + sender);
  }

  /** A hash: the rooms of a person, and what else is known of them. */
  public String person(UserId user) {
    return key("u:" + user);
  }

  /** A sorted set: every room that ever had an event; all scores are 0, so it reads by name. */
  public String rooms() {
    return key("rooms");
  }

  /** A sorted set: rooms that anybody may know of; all scores are 0. */
  public String open() {
    return key("open");
  }

  /** A sorted set: deleted rooms of which something is left, by the milliseconds of their end. */
  public String gone() {
    return key("gone");
  }

  /**
   * A string: the event that was made under an idempotency key.
   *
   * <p>Users may have colons in their names, and the three parts must not run into each other.
   */
  public String idempotency(RoomId room, UserId sender, String idempotencyKey) {
    return key("i:" + part(room.value()) + ":" + part(sender.value()) + ":" + idempotencyKey);
  }

  /** A string: that a ticket was used. */
  public String ticket(String id) {
    return key("ticket:" + id);
  }

  /** A sorted set: users, by the second up to which their tokens are refused. */
  public String revoked() {
    return key("revoked");
  }

  /** A sorted set: users, by the second at which their ban ends. */
  public String banned() {
    return key("banned");
  }

  /** A string: the version of the two. */
  public String shutouts() {
    return key("shutouts");
  }

  /** A hash: owner and fence of a job, and when its lease lapses. */
  public String job(String job) {
    return key("job:" + job);
  }

  /** A sorted set: workers, by the millisecond until which they are believed to be there. */
  public String workers() {
    return key("workers");
  }

  /** A hash: how far each job has come, an id by job. */
  public String jobs() {
    return key("jobs");
  }

  /** A stream: who did what to whom. */
  public String audit() {
    return key("audit");
  }

  /** The same while it is written anew, without the name of somebody. */
  public String auditAnew() {
    return key("audit:new");
  }

  /** A hash: the site's incoming hooks, JSON by name. */
  public String incoming() {
    return key("in");
  }

  /** A hash: their names, by the SHA-256 of their tokens. */
  public String incomingTokens() {
    return key("in:tokens");
  }

  /** A hash: the site's webhooks, JSON by name. */
  public String hooks() {
    return key("hooks");
  }

  /** A hash: how endpoints of webhooks do that fail, by name. */
  public String pauses() {
    return key("pauses");
  }

  /** A sorted set: what is still to be delivered to a webhook, by the millisecond it is due. */
  public String due(String webhook) {
    return key("due:" + webhook);
  }

  /** A stream: the last tries to deliver to a webhook. */
  public String deliveries(String webhook) {
    return key("deliveries:" + webhook);
  }

  /** A stream: what jobs gave up on. */
  public String dead() {
    return key("dead");
  }

  /** A sorted set: long work that waits, by the time it was asked for. */
  public String errands() {
    return key("errands");
  }

  /** A hash: which work of a kind waits for a user. */
  public String errandsOf() {
    return key("errands:of");
  }

  /** A hash: long work. */
  public String errand(String id) {
    return key("errand:" + id);
  }

  /** A string: a part of what came of it. */
  public String errandChunk(String id, int chunk) {
    return errand(id) + ":" + chunk;
  }

  /** Set: ids of exports of one person that can be fetched. */
  public String exportsOf(UserId user) {
    return key("exports:" + user);
  }

  /** A sorted set: notes of where the log ended, one a minute. */
  public String clock() {
    return key("clock");
  }

  /** A string: empty; a write for replicas to acknowledge. */
  public String acknowledged() {
    return key("acks");
  }

  /** A string: when the last beat was published. */
  public String beat() {
    return key("beat");
  }

  /** A hash: until when each node's lease runs, and the Redis that gave it. */
  public String nodes() {
    return key("nodes");
  }

  /** A sorted set: processes, by the milliseconds of what they last said of themselves. */
  public String reports() {
    return key("reports");
  }

  /** A hash: the streams of each gateway, or that it leaves, and when it said so. */
  public String burdens() {
    return key("burdens");
  }

  /** A string: what a process said of itself. */
  public String report(String node) {
    return key("report:" + node);
  }

  /** A string: somebody wants a node to drain. */
  public String leave(String node) {
    return key("leave:" + node);
  }

  /** A hash: who is in a room, and through which nodes. */
  public String people(RoomId room) {
    return key("p:" + room);
  }

  /** A hash: which change of a room's people was told last. */
  public String presenceTold(RoomId room) {
    return key("pv:" + room);
  }

  /** A set: the rooms that a node has people in. */
  public String presenceRooms(String node) {
    return key("pn:" + node);
  }

  /** A string: how many said that they type, in this second. */
  public String typing(RoomId room) {
    return key("typing:" + part(room.value()));
  }

  /** A string: this user said so just now. */
  public String typing(RoomId room, UserId user) {
    return typing(room) + ":" + part(user.value());
  }

  /** A string: how many events without a log somebody told, in this second. */
  public String whispers(UserId user) {
    return key("whispers:" + user);
  }

  /** A hash: the schema of all this. */
  public String meta() {
    return key("meta");
  }

  /**
   * A channel: events of a room, {@code <id>\n<packed event>}; what is in no log has {@code ~} in
   * place of an id.
   */
  public String channel(RoomId room) {
    return channels() + room;
  }

  /** What all room channels begin with. */
  String channels() {
    return key("c:");
  }

  /**
   * A channel: {@code beat <last>}, {@code epoch <branch> <start>} and {@code shutout <version>
   * <word> <second> <user>}.
   */
  public String control() {
    return key("ctl");
  }

  /** The slot of all of them, where Redis is a cluster. */
  int slot() {
    return SlotHash.getSlot(log());
  }

  private String key(String name) {
    return prefix + "{" + tag + "}:" + name;
  }

  private static String part(String value) {
    return value.replace("%", "%25").replace(":", "%3A");
  }
}

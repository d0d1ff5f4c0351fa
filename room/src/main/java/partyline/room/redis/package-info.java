/**
 * The Redis edge of a room: keys, Lua scripts with a typed front each, and connections.
 *
 * <p>Everything that must hold at one instant is one script: {@code append.lua} is the log's one
 * way in. A script is a file beside these classes, {@link partyline.room.redis.LuaScript} runs it,
 * and a front such as {@link partyline.room.redis.AppendScript} gives its keys, arguments and reply
 * their types.
 *
 * <p>Two kinds of connection. Commands share one, which is found anew when it is lost or leads to a
 * replica, and are tried again where that is safe ({@link partyline.room.redis.RedisCalls}). A feed
 * has one of its own, on which it hears and reads, and which never comes back: what was published
 * meanwhile would be lost without a word ({@link partyline.room.redis.RedisFeedConnection}).
 *
 * <p>Only the primary is asked, for reads too: a replica that lags looks complete and is not.
 */
@NullMarked
package partyline.room.redis;

import org.jspecify.annotations.NullMarked;

/**
 * The load tool: many listeners and a steady stream of messages, for a cluster of one's own.
 *
 * <pre>
 * LoadRun (this process) -- children --> Part, up to 18 000 listeners each
 *    Publishers: lanes of posts             Listeners: streams and polls
 *    LoadResult <---- a PartReport a second, one line of JSON on standard output
 * </pre>
 *
 * <p>It shares nothing with {@code check.client}, whose clients judge every byte and spend a thread
 * each on it: thousands of streams in a process need event loops, and a loop that did more than
 * find the mark in a line would measure itself.
 */
@NullMarked
package partyline.deploy.load;

import org.jspecify.annotations.NullMarked;

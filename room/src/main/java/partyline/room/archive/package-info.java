/**
 * The archive on PostgreSQL: tables, and one typed front for who reads and one for who writes.
 *
 * <p>Blocking JDBC on virtual threads, never on a thread that serves connections. Only the mains of
 * gateway and worker see this package.
 */
@NullMarked
package partyline.room.archive;

import org.jspecify.annotations.NullMarked;

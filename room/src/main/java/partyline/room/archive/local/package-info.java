/**
 * A PostgreSQL of our own on this machine, for {@code up --archive} and for tests.
 *
 * <p>The programs come from Maven Central, packed, and are unpacked once into the temp folder.
 * Production has a PostgreSQL already, and nothing of this.
 */
@NullMarked
package partyline.room.archive.local;

import org.jspecify.annotations.NullMarked;

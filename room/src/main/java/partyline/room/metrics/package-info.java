/**
 * What a process tells of itself: every number it can be asked for is named in {@link
 * partyline.room.metrics.Metric}, counted where it happens, and read when somebody asks.
 */
@NullMarked
package partyline.room.metrics;

import org.jspecify.annotations.NullMarked;

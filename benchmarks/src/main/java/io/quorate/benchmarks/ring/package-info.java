/**
 * Who owns a key, and what it costs to say so: Quorate's mappings beside those of others.
 *
 * <p>Start at {@link io.quorate.benchmarks.ring.RingReport}, the program. docs/ring.md has the
 * table that it prints.
 */
@NullMarked
package io.quorate.benchmarks.ring;

import org.jspecify.annotations.NullMarked;

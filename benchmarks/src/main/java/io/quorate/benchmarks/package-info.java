/**
 * End-to-end load: Quorate beside {@code light}, a yardstick that replicates and syncs without any
 * consensus.
 *
 * <p>Start at {@link io.quorate.benchmarks.EndToEnd}, the program; {@link
 * io.quorate.benchmarks.Contestant} is what it drives. docs/performance.md says how to read the
 * table.
 */
@NullMarked
package io.quorate.benchmarks;

import org.jspecify.annotations.NullMarked;

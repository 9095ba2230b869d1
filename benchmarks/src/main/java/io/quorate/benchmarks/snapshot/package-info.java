/**
 * What a snapshot of a large state costs those who write meanwhile, and how fast a member gets one.
 *
 * <p>Start at {@link io.quorate.benchmarks.snapshot.SnapshotReport}, the program.
 * docs/performance.md has the tables that it prints.
 */
@NullMarked
package io.quorate.benchmarks.snapshot;

import org.jspecify.annotations.NullMarked;

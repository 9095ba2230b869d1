/**
 * What the log on disk costs, beside a file that is written by a bare loop.
 *
 * <p>Start at {@link io.quorate.benchmarks.log.LogReport}, the program. docs/performance.md has the
 * tables that it prints.
 */
@NullMarked
package io.quorate.benchmarks.log;

import org.jspecify.annotations.NullMarked;

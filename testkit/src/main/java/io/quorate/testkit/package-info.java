/**
 * Tests for everyone who plugs something in. Start at {@link io.quorate.testkit.LogContract};
 * {@link io.quorate.testkit.SimDisk} is a disk that fails on demand.
 */
@NullMarked
package io.quorate.testkit;

import org.jspecify.annotations.NullMarked;

/** A simulated disk, which forgets what was not synced and fails on demand. */
@NullMarked
package io.quorate.testkit.disk;

import org.jspecify.annotations.NullMarked;

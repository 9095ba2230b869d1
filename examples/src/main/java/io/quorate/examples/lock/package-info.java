/** Locks with leases and fencing tokens. */
@NullMarked
package io.quorate.examples.lock;

import org.jspecify.annotations.NullMarked;

/**
 * A ring, and what moves when a node joins or leaves it, as a picture. Start at {@link
 * io.quorate.examples.ring.DrawRing}.
 */
@NullMarked
package io.quorate.examples.ring;

import org.jspecify.annotations.NullMarked;

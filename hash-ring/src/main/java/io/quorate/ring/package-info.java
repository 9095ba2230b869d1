/** Consistent hashing: {@link io.quorate.ring.Ring} first. */
@NullMarked
package io.quorate.ring;

import org.jspecify.annotations.NullMarked;

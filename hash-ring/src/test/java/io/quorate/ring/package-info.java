/** What the ring and its relatives promise, as properties. */
@NullMarked
package io.quorate.ring;

import org.jspecify.annotations.NullMarked;

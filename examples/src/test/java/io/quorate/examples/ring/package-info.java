/** Tests of the picture of a ring. */
@NullMarked
package io.quorate.examples.ring;

import org.jspecify.annotations.NullMarked;

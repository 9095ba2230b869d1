/** Shows that what was acknowledged had been forced, by watching every call to the files. */
@NullMarked
package io.quorate.examples.durability;

import org.jspecify.annotations.NullMarked;

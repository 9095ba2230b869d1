/** The rules that hold whatever happens, and what watches engines and logs from outside. */
@NullMarked
package io.quorate.testkit.invariants;

import org.jspecify.annotations.NullMarked;

/** Contracts that every plugged-in part must pass, to be extended by one small class each. */
@NullMarked
package io.quorate.testkit;

import org.jspecify.annotations.NullMarked;

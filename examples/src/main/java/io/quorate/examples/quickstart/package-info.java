/**
 * Three replica processes, real input, a leader killed under load, and an audit of every
 * acknowledgement. Start at {@link io.quorate.examples.quickstart.Quickstart}.
 */
@NullMarked
package io.quorate.examples.quickstart;

import org.jspecify.annotations.NullMarked;

/** What the mains of the examples share: arguments, and sentences for bad ones. */
@NullMarked
package io.quorate.examples.cli;

import org.jspecify.annotations.NullMarked;

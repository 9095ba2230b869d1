/** The command line: {@code examples/quorate}. */
@NullMarked
package io.quorate.examples.quorate;

import org.jspecify.annotations.NullMarked;

/** The tutorial as a test. */
@NullMarked
package io.quorate.examples.tutorial;

import org.jspecify.annotations.NullMarked;

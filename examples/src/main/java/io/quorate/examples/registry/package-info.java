/** A registry of services and configuration, over HTTP. */
@NullMarked
package io.quorate.examples.registry;

import org.jspecify.annotations.NullMarked;

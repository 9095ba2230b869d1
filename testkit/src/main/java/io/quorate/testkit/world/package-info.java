/** The simulated world of whole replicas: virtual time, threads and network. */
@NullMarked
package io.quorate.testkit.world;

import org.jspecify.annotations.NullMarked;

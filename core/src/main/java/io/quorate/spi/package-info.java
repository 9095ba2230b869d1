/**
 * What can be plugged into the runtime: a {@link io.quorate.spi.Protocol} with its pure {@link
 * io.quorate.spi.Engine} from above, a {@link io.quorate.spi.Log} and a {@link
 * io.quorate.spi.Transport} from below.
 *
 * <p>Start at {@link io.quorate.spi.Engine}: inputs are its methods, consequences go into the
 * {@link io.quorate.spi.Effects} it is handed. This package uses the JDK only.
 */
@NullMarked
package io.quorate.spi;

import org.jspecify.annotations.NullMarked;

/**
 * The transports: {@link io.quorate.transport.NettyTransport} over TCP, {@link
 * io.quorate.transport.InMemoryTransport} within one JVM. Both are descriptions; a host opens them.
 *
 * <p>For readers: a {@code Line} carries frames and greetings (TCP or memory). Everything above it
 * exists once for both: a {@code Station} is what a link keeps in one loop, a {@code Dialler} keeps
 * a connection to a member, a {@code Connection} is our end of a line and does the handshake.
 */
@NullMarked
package io.quorate.transport;

import org.jspecify.annotations.NullMarked;

/**
 * Moves frames between hosts: {@link io.quorate.transport.NettyTransport} over TCP, {@link
 * io.quorate.transport.InMemoryTransport} within one JVM.
 */
module io.quorate.transport {
  requires transitive io.quorate.core;
  requires com.google.protobuf;
  requires io.netty.buffer;
  requires io.netty.common;
  requires io.netty.transport;
  requires org.slf4j;
  // Epoll where an application brings it.
  requires static io.netty.transport.classes.epoll;
  requires static transitive org.jspecify;

  // API
  exports io.quorate.transport;
}

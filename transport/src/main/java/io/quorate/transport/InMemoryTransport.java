package io.quorate.transport;

import io.quorate.spi.Transport;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Frames within one JVM, for tests and for clusters in one process: real threads, no sockets.
 *
 * <pre>{@code
 * InMemoryTransport.Hub hub = InMemoryTransport.hub();
 * Replica one = Replica.of(cluster, 1).transport(hub.transport()) ...
 * }</pre>
 *
 * <p>It keeps the contract of {@link NettyTransport} - handshake, refusal, reconnect, order, bounds
 * - with these differences: each link has one loop, a thread of its own; an address is a name in
 * the hub, whatever it looks like, and a name that ends in {@code :0} gets a free number; who waits
 * for an address dials as soon as somebody listens there; bytes are handed over, not copied, unless
 * several values must be put together.
 *
 * <p><b>Threads, bounds, errors.</b> As {@link Transport} says.
 */
public final class InMemoryTransport implements Transport {
  private final Hub hub;

  private InMemoryTransport(Hub hub) {
    this.hub = hub;
  }

  /** A new, empty hub. */
  public static Hub hub() {
    return new Hub();
  }

  @Override
  public Link open(@Nullable String address, Listener listener) {
    return MemoryLink.open(hub, address, listener);
  }

  @Override
  public String toString() {
    return "in-memory transport";
  }

  /** Where links find each other by name. Safe for use by any thread. */
  public static final class Hub {
    private static final int FIRST_PORT = 1024;

    private final ConcurrentMap<String, MemoryLink> listening = new ConcurrentHashMap<>();
    private final Set<MemoryLink> links = ConcurrentHashMap.newKeySet();
    private final AtomicInteger lastPort = new AtomicInteger(FIRST_PORT);

    private Hub() {}

    /** A transport whose links meet in this hub. */
    public InMemoryTransport transport() {
      return new InMemoryTransport(this);
    }

    int freePort() {
      return lastPort.incrementAndGet();
    }

    void add(MemoryLink link) {
      links.add(link);
    }

    void listen(String name, MemoryLink link) {
      if (listening.putIfAbsent(name, link) != null) {
        throw new TransportException(
            "cannot listen at "
                + name
                + ": the address is in use in this hub; close the link that"
                + " listens there or choose another name",
            null);
      }
      links.forEach(other -> other.wake(name));
    }

    void remove(@Nullable String name, MemoryLink link) {
      links.remove(link);
      if (name != null) {
        listening.remove(name, link);
      }
    }

    @Nullable MemoryLink find(String name) {
      return listening.get(name);
    }
  }
}

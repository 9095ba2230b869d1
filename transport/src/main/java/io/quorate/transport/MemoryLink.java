package io.quorate.transport;

import io.quorate.spi.Loop;
import io.quorate.spi.Payload;
import io.quorate.spi.Transport.Link;
import io.quorate.spi.Transport.Listener;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An opened {@link InMemoryTransport}. */
final class MemoryLink implements Link, Network {
  private final InMemoryTransport.Hub hub;
  private final @Nullable String name;
  private final int port;
  private final MemoryLoop loop;
  private final Station station;

  private MemoryLink(
      InMemoryTransport.Hub hub, @Nullable String name, int port, Listener listener) {
    this.hub = hub;
    this.name = name;
    this.port = port;
    this.loop = new MemoryLoop("quorate-loop-" + (name == null ? "client" : name));
    this.station = new Station(loop, listener, this, new AtomicInteger(), true);
  }

  static MemoryLink open(InMemoryTransport.Hub hub, @Nullable String address, Listener listener) {
    MemoryLink link;
    if (address == null) {
      link = new MemoryLink(hub, null, 0, listener);
    } else if (address.endsWith(":0")) {
      int port = hub.freePort();
      String name = address.substring(0, address.length() - 1) + port;
      link = new MemoryLink(hub, name, port, listener);
    } else {
      String digits = address.substring(address.lastIndexOf(':') + 1);
      int port = digits.matches("[0-9]{1,9}") ? Integer.parseInt(digits) : hub.freePort();
      link = new MemoryLink(hub, address, port, listener);
    }
    hub.add(link);
    try {
      if (link.name != null) {
        hub.listen(link.name, link);
      }
    } catch (RuntimeException e) {
      link.close();
      throw e;
    }
    return link;
  }

  @Override
  public int loops() {
    return 1;
  }

  @Override
  public Loop loop(int number) {
    if (number != 0) {
      throw new IndexOutOfBoundsException("loop " + number + "; there is only loop 0");
    }
    return loop;
  }

  @Override
  public void connect(int member, String address) {
    if (member < 1) {
      throw new IllegalArgumentException("member " + member + " cannot be dialled; ids start at 1");
    }
    loop.execute(() -> station.connect(member, address));
  }

  @Override
  public void send(int to, int kind, ByteBuffer header, List<Payload> values) {
    Frame.check(kind, header, values);
    if (!loop.inLoop()) {
      throw new IllegalStateException("send was called outside the loop of this link");
    }
    station.send(to, kind, header, values);
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public void close() {
    if (loop.inLoop()) {
      throw new IllegalStateException("a link cannot be closed from its own loop");
    }
    hub.remove(name, this);
    loop.execute(station::close);
    loop.close();
  }

  @Override
  public void dial(String address, Connection end) {
    MemoryLink target = hub.find(address);
    if (target == null) {
      end.broken("nothing listens there");
      return;
    }
    Accepted far = new Accepted(target.station, name == null ? "within this JVM" : name);
    Line back = new MemoryLine(loop, end);
    if (target.loop.offer(() -> target.station.accept(far, back))) {
      end.opened(new MemoryLine(target.loop, far));
    } else {
      end.broken("nothing listens there");
    }
  }

  /** Somebody listens at {@code address} now. Any thread. */
  void wake(String address) {
    loop.execute(() -> station.wake(address));
  }
}

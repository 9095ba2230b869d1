package io.quorate.examples.durability;

import io.quorate.spi.Loop;
import io.quorate.spi.Payload;
import io.quorate.spi.Transport;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A transport that counts what reaches its loop from other threads, and the frames it sends. */
final class CountedTransport implements Transport {
  final AtomicInteger handOffs = new AtomicInteger();
  final AtomicInteger frames = new AtomicInteger();
  private final Transport below;

  CountedTransport(Transport below) {
    this.below = below;
  }

  @Override
  public Link open(@Nullable String address, Listener listener) {
    return new CountedLink(below.open(address, listener));
  }

  private final class CountedLink implements Link {
    private final Link link;
    private final Loop loop;

    CountedLink(Link link) {
      this.link = link;
      loop = new CountedLoop(link.loop(0));
    }

    @Override
    public int loops() {
      return 1;
    }

    @Override
    public Loop loop(int number) {
      return loop;
    }

    @Override
    public void connect(int member, String address) {
      link.connect(member, address);
    }

    @Override
    public void send(int to, int kind, ByteBuffer header, List<Payload> values) {
      frames.incrementAndGet();
      link.send(to, kind, header, values);
    }

    @Override
    public int port() {
      return link.port();
    }

    @Override
    public void close() {
      link.close();
    }
  }

  private final class CountedLoop implements Loop {
    private final Loop loop;

    CountedLoop(Loop loop) {
      this.loop = loop;
    }

    @Override
    public void execute(Runnable task) {
      if (!loop.inLoop()) {
        handOffs.incrementAndGet();
      }
      loop.execute(task);
    }

    @Override
    public boolean inLoop() {
      return loop.inLoop();
    }

    @Override
    public Scheduled schedule(long delayNanos, Runnable task) {
      return loop.schedule(delayNanos, task);
    }

    @Override
    public long nanoTime() {
      return loop.nanoTime();
    }

    @Override
    public long wallNanos() {
      return loop.wallNanos();
    }
  }
}

package io.quorate.benchmarks.snapshot;

import io.quorate.spi.Loop;
import io.quorate.spi.Payload;
import io.quorate.spi.Transport;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A member's transport that loses all frames while it is cut, as a network may. */
final class Cable implements Transport {
  /** docs/wire-format.md. */
  private static final int SNAPSHOT_PART = Transport.BULK_KIND; // No other kind is bulk.

  private final Transport transport;
  private volatile boolean cut;
  private volatile long firstPartNanos;

  Cable(Transport transport) {
    this.transport = transport;
  }

  void cut() {
    cut = true;
  }

  void mend() {
    firstPartNanos = 0;
    cut = false;
  }

  /** When the first part of a snapshot came after {@link #mend}; 0 if none did. */
  long firstPartNanos() {
    return firstPartNanos;
  }

  @Override
  public Link open(@Nullable String address, Listener listener) {
    return new CutLink(transport.open(address, new CutListener(listener)));
  }

  private final class CutLink implements Link {
    private final Link link;

    CutLink(Link link) {
      this.link = link;
    }

    @Override
    public int loops() {
      return link.loops();
    }

    @Override
    public Loop loop(int number) {
      return link.loop(number);
    }

    @Override
    public void connect(int member, String address) {
      link.connect(member, address);
    }

    @Override
    public void send(int to, int kind, ByteBuffer header, List<Payload> values) {
      if (!cut) {
        link.send(to, kind, header, values);
      }
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

  private final class CutListener implements Listener {
    private final Listener listener;

    CutListener(Listener listener) {
      this.listener = listener;
    }

    @Override
    public Hello hello(int target) {
      return listener.hello(target);
    }

    @Override
    public Hello answer(Hello remote) {
      return listener.answer(remote);
    }

    @Override
    public @Nullable String refuse(Hello remote) {
      return listener.refuse(remote);
    }

    @Override
    public void connected(int member, Hello remote) {
      listener.connected(member, remote);
    }

    @Override
    public void disconnected(int peer, boolean dialled) {
      listener.disconnected(peer, dialled);
    }

    @Override
    public void refused(int member, String reason) {
      listener.refused(member, reason);
    }

    @Override
    public void received(int from, int kind, ByteBuffer header, ByteBuffer values) {
      if (cut) {
        return;
      }
      if (kind == SNAPSHOT_PART && firstPartNanos == 0) {
        firstPartNanos = System.nanoTime();
      }
      listener.received(from, kind, header, values);
    }
  }
}

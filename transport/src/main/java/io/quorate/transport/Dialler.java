package io.quorate.transport;

import io.quorate.spi.Loop;
import io.quorate.spi.Payload;
import io.quorate.spi.Transport.Hello;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one connection to one member, dialling again for ever. Confined to a station's loop.
 *
 * <p>A connection that was up for a while and breaks is dialled again at once, everything else
 * after the back-off; a connection that breaks right after the handshake is no success.
 */
final class Dialler {
  private static final long STEADY_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Station station;
  private final int member;
  private final Backoff backoff = new Backoff();
  private final MemberLog log;
  private String address;
  private @Nullable Dialled current;
  private Loop.@Nullable Scheduled retry;
  private long upSinceNanos;
  private boolean closed;

  Dialler(Station station, int member, String address) {
    this.station = station;
    this.member = member;
    this.address = address;
    this.log = new MemberLog(member, station.speaks(), Station.LOG);
  }

  int member() {
    return member;
  }

  /** Dials, unless that is under way; at a new address what there was is given up. */
  void connect(String wanted) {
    boolean moved = !wanted.equals(address);
    Dialled old = current;
    if (!moved && old != null) {
      return;
    }
    address = wanted;
    backoff.reset();
    dial();
    if (old != null) {
      old.end("the member has another address now: " + wanted);
    }
  }

  /** Sends over the connection; without one that is up the frame is lost. */
  void send(int kind, ByteBuffer header, List<Payload> values) {
    Dialled connection = current;
    if (connection != null) {
      connection.send(kind, header, values);
    }
  }

  /** Whether a wait for this address may be cut short. */
  void wake(String listening) {
    if (retry != null && listening.equals(address)) {
      dial();
    }
  }

  void close() {
    closed = true;
    cancelRetry();
    Dialled connection = current;
    if (connection != null) {
      connection.end("this link closes");
    }
  }

  void up(Dialled connection, Hello remote) {
    if (connection != current) {
      connection.end("the member has another address now");
      return;
    }
    upSinceNanos = station.loop().nanoTime();
    log.up(address);
    station.listener().connected(member, remote);
  }

  void warn(String what) {
    station.warn("member " + member + " at " + address + ": " + what);
  }

  void ended(Dialled connection, boolean wasUp, boolean refused, String why) {
    boolean wanted = connection == current && !closed;
    if (connection == current) {
      current = null;
    }
    if (wanted) {
      dialAfter(wasUp);
      if (refused) {
        log.refused(address, why);
      } else {
        log.lost(address, why);
      }
    }
    if (station.isClosed()) {
      return;
    }
    if (wasUp) {
      station.listener().disconnected(member, true);
    } else if (refused && wanted) {
      station.listener().refused(member, why);
    }
  }

  private void dialAfter(boolean wasUp) {
    boolean steady = wasUp && station.loop().nanoTime() - upSinceNanos >= STEADY_NANOS;
    if (steady) {
      backoff.reset();
    }
    // Even "at once" goes through the loop: a dial that fails on the spot must not nest.
    retry = station.loop().schedule(steady ? 0 : backoff.nextNanos(), this::dial);
  }

  private void dial() {
    cancelRetry();
    if (!closed) {
      Dialled attempt = new Dialled(this, station, address);
      current = attempt;
      station.network().dial(address, attempt);
    }
  }

  private void cancelRetry() {
    Loop.Scheduled waiting = retry;
    if (waiting != null) {
      waiting.cancel();
      retry = null;
    }
  }
}

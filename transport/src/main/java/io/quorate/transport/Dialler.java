package io.quorate.transport;

import io.quorate.spi.Loop;
import io.quorate.spi.Payload;
import io.quorate.spi.Transport;
import io.quorate.spi.Transport.Hello;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one connection to one member, dialling again for ever, and beside it one for bulk while
 * there is some. Confined to a station's loop.
 *
 * <p>A connection that was up for a while and breaks is dialled again at once, everything else
 * after the back-off; a connection that breaks right after the handshake is no success.
 */
final class Dialler implements Dialled.Owner {
  private static final long STEADY_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Station station;
  private final int member;
  private final Backoff backoff = new Backoff();
  private final MemberLog log;
  private final BulkLane bulk;
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
    this.bulk = new BulkLane(station, member);
  }

  @Override
  public int member() {
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
    bulk.close();
    if (old != null) {
      old.end("the member has another address now: " + wanted);
    }
  }

  /** Sends over the connection, or bulk beside it; without one that is up the frame is lost. */
  void send(int kind, ByteBuffer header, List<Payload> values) {
    Dialled connection = current;
    if (connection == null) {
      return;
    }
    if (kind < Transport.BULK_KIND) {
      connection.send(kind, header, values);
    } else if (connection.isUp()) {
      bulk.send(address, new BulkLane.Waiting(kind, header, values));
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
    bulk.close();
    Dialled connection = current;
    if (connection != null) {
      connection.end("this link closes");
    }
  }

  @Override
  public void up(Dialled connection, Hello remote) {
    if (connection != current) {
      connection.end("the member has another address now");
      return;
    }
    upSinceNanos = station.loop().nanoTime();
    log.up(address);
    station.listener().connected(member, remote);
  }

  @Override
  public void warn(String what) {
    station.warn("member " + member + " at " + address + ": " + what);
  }

  @Override
  public void ended(Dialled connection, boolean wasUp, boolean refused, String why) {
    boolean wanted = connection == current && !closed;
    if (connection == current) {
      current = null;
      bulk.close();
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
      Dialled attempt = new Dialled(this, station, address, false);
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

package io.quorate.transport;

import io.quorate.spi.Loop;
import io.quorate.spi.Payload;
import io.quorate.spi.Transport.Hello;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The second connection to a member, for bulk: dialled when there is a frame for it, closed when
 * there has been none for a while, and with the first one. Confined to a station's loop.
 */
/* Nobody hears of it: a frame that is lost here is one that whoever waits for it asks for again,
 * and the next frame has the connection dialled anew. Where that fails, a back-off keeps a sender
 * that does not rest from dialling without a pause; frames are lost meanwhile.
 */
final class BulkLane implements Dialled.Owner {
  /** How much waits at most for the connection to be there. */
  static final long WAITING_BYTES_MAX = 8 << 20;

  /** It is closed when it was not used for that long, or for twice that. */
  static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private static final long STEADY_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Station station;
  private final int member;
  private final Backoff backoff = new Backoff();
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private String address = "";
  private @Nullable Dialled current;
  private Loop.@Nullable Scheduled look;
  private boolean used;
  private long upSinceNanos;
  private long restUntilNanos;
  private String said = "";

  /** A frame that may have to wait for the connection. */
  record Waiting(int kind, ByteBuffer header, List<Payload> values) {
    long bytes() {
      return Frame.bytes(header, values);
    }
  }

  BulkLane(Station station, int member) {
    this.station = station;
    this.member = member;
    restUntilNanos = station.loop().nanoTime();
  }

  @Override
  public int member() {
    return member;
  }

  /** Sends a frame, or keeps it until the connection is there; it may be lost. */
  void send(String to, Waiting frame) {
    Dialled connection = current;
    if (connection != null && connection.isUp()) {
      used = true;
      connection.send(frame.kind, frame.header, frame.values);
      return;
    }
    if (connection == null && station.loop().nanoTime() - restUntilNanos < 0) {
      return;
    }
    if (waitingBytes + frame.bytes() <= WAITING_BYTES_MAX) {
      waitingBytes += frame.bytes();
      waiting.add(frame);
    }
    if (connection == null) {
      Dialled attempt = new Dialled(this, station, to, true);
      address = to;
      current = attempt;
      station.network().dial(to, attempt);
    }
  }

  @Override
  public void up(Dialled connection, Hello remote) {
    if (connection != current) {
      connection.end("it is not wanted any more");
      return;
    }
    upSinceNanos = station.loop().nanoTime();
    used = false;
    look = station.loop().schedule(IDLE_NANOS, this::closeIfIdle);
    List<Waiting> frames = new ArrayList<>(waiting);
    drop();
    frames.forEach(frame -> connection.send(frame.kind, frame.header, frame.values));
  }

  private void closeIfIdle() {
    if (used) {
      used = false;
      look = station.loop().schedule(IDLE_NANOS, this::closeIfIdle);
    } else {
      close();
    }
  }

  /** Closes it, if it is there; what was not sent is lost. The next frame may dial at once. */
  void close() {
    Dialled connection = current;
    current = null;
    drop();
    cancelLook();
    backoff.reset();
    restUntilNanos = station.loop().nanoTime();
    if (connection != null) {
      connection.end("it is not needed any more");
    }
  }

  @Override
  public void warn(String what) {
    station.warn("bulk to member " + member + " at " + address + ": " + what);
  }

  @Override
  public void ended(Dialled connection, boolean wasUp, boolean refused, String why) {
    if (connection != current) {
      return; // It was closed here.
    }
    current = null;
    drop();
    cancelLook();
    long now = station.loop().nanoTime();
    boolean steady = wasUp && now - upSinceNanos >= STEADY_NANOS;
    if (steady) {
      backoff.reset();
      said = "";
    }
    restUntilNanos = steady ? now : now + backoff.nextNanos();
    if (station.speaks() && !why.equals(said)) {
      said = why;
      warn((refused ? "refused: " : "lost: ") + why + "; it is dialled again when there is some");
    }
  }

  private void drop() {
    waiting.clear();
    waitingBytes = 0;
  }

  private void cancelLook() {
    Loop.Scheduled scheduled = look;
    if (scheduled != null) {
      scheduled.cancel();
      look = null;
    }
  }
}

package io.quorate.transport;

import io.quorate.spi.Loop;
import io.quorate.spi.Payload;
import io.quorate.spi.Transport;
import io.quorate.spi.Transport.Listener;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Our end of a line: the handshake, then frames. Confined to one loop. */
abstract class Connection {
  /*
   * opened -> greeting -> up -> ended, and ended from anywhere, exactly once. Whoever ends it first
   * gives the reason: we (end) or the line (broken). Nothing is delivered after that, so a line need
   * not care whether its last frames still find a listener.
   */

  static final long HANDSHAKE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

  private final Loop loop;
  private final Listener listener;
  private @Nullable Line line;
  private Loop.@Nullable Scheduled handshake;
  private int peer;
  private boolean up;
  private boolean bulk;
  private boolean ended;
  private long dropped;

  Connection(Loop loop, Listener listener) {
    this.loop = loop;
    this.listener = listener;
  }

  /** The line is open; called once, first. */
  final void opened(Line opened) {
    if (ended) {
      opened.close();
      return;
    }
    line = opened;
    handshake = loop.schedule(HANDSHAKE_NANOS, () -> end("no hello came within 5 s"));
    guarded(() -> greetFirst(opened));
  }

  /** The first frame of the other side. */
  final void greeting(Greeting greeting) {
    Line open = line;
    if (ended || open == null) {
      return;
    }
    if (up) {
      misbehaved("it said hello twice");
      return;
    }
    guarded(() -> answer(greeting, open));
  }

  /** A frame of the other side. */
  final void frame(int kind, ByteBuffer header, ByteBuffer values) {
    if (ended) {
      return;
    }
    if (!up) {
      misbehaved("it sent data before its hello");
      return;
    }
    if (bulk && kind < Transport.BULK_KIND) {
      misbehaved("it sent a frame of kind " + kind + " over its connection for bulk");
      return;
    }
    try {
      listener.received(peer, kind, header, values);
    } catch (RuntimeException | Error e) {
      failed(e);
    }
  }

  /** What came is no frame, or not its turn: closes the connection. */
  final void misbehaved(String how) {
    if (!ended) {
      warn(how);
      end(how);
    }
  }

  /** The line broke, or was never opened. */
  final void broken(String why) {
    if (!ended) {
      finish(why);
    }
  }

  /** Closes the connection. */
  final void end(String why) {
    if (ended) {
      return;
    }
    Line open = line;
    if (open != null) {
      open.close();
    }
    finish(why);
  }

  /** Sends a frame; it is lost while the connection is not up. */
  final void send(int kind, ByteBuffer header, List<Payload> values) {
    Line open = line;
    if (!up || ended || open == null) {
      return;
    }
    if (!open.send(kind, header, values) && dropped++ == 0) {
      warn("too many bytes wait to be sent to it; frames are dropped until it reads");
    }
  }

  /** Who is on the other side, once up. */
  final int peer() {
    return peer;
  }

  final boolean isUp() {
    return up && !ended;
  }

  /** Whether it is up, or was, and carries bulk alone. */
  final boolean isBulk() {
    return bulk;
  }

  /** The handshake is done: frames may pass, or only those of bulk kinds. */
  final void up(int who, boolean forBulk) {
    Loop.Scheduled timeout = handshake;
    if (timeout != null) {
      timeout.cancel();
    }
    peer = who;
    bulk = forBulk;
    up = true;
  }

  /** Speaks first, if this side dialled. */
  abstract void greetFirst(Line open);

  /** Answers what the other side said first: {@link #up} or {@link #end}. */
  abstract void answer(Greeting greeting, Line open);

  /** Logs a line about the other side, within a budget. */
  abstract void warn(String what);

  /** It is over; called once. */
  abstract void ended(boolean wasUp, String why);

  /** Calls the listener of the link about this connection. */
  final void guarded(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException | Error e) {
      failed(e);
    }
  }

  private void failed(Throwable e) {
    LOG.error("the listener of a connection failed; the connection is closed", e);
    end("the listener failed: " + e);
  }

  private void finish(String why) {
    ended = true;
    Loop.Scheduled timeout = handshake;
    if (timeout != null) {
      timeout.cancel();
    }
    guarded(() -> ended(up, why));
  }
}

package io.quorate.transport;

import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import io.quorate.spi.Loop;
import io.quorate.spi.Payload;
import io.quorate.spi.Transport.Listener;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a link keeps in one of its loops: who is dialled, and who has dialled. Confined to it. */
final class Station {
  /** What people should know, under one name. */
  static final Logger LOG = LoggerFactory.getLogger("io.quorate.transport");

  private static final int REFUSALS_MAX = 1024;

  private final Loop loop;
  private final Listener listener;
  private final Network network;
  private final AtomicInteger lastClient;
  private final boolean speaks;
  private final IntObjectMap<Dialler> diallers = new IntObjectHashMap<>();
  private final IntObjectMap<Accepted> clients = new IntObjectHashMap<>();
  private final Set<Accepted> accepted = new HashSet<>();
  private final IntObjectMap<String> refusals = new IntObjectHashMap<>();
  private final LogBudget budget =
      new LogBudget(10, TimeUnit.SECONDS.toNanos(30), System.nanoTime());
  private boolean closed;

  /**
   * For one loop.
   *
   * @param lastClient the number of the last client, shared by all stations of the link
   * @param speaks whether this station logs what members do; one of a link's stations does
   */
  Station(Loop loop, Listener listener, Network network, AtomicInteger lastClient, boolean speaks) {
    this.loop = loop;
    this.listener = listener;
    this.network = network;
    this.lastClient = lastClient;
    this.speaks = speaks;
  }

  Loop loop() {
    return loop;
  }

  Listener listener() {
    return listener;
  }

  Network network() {
    return network;
  }

  boolean speaks() {
    return speaks;
  }

  boolean isClosed() {
    return closed;
  }

  void connect(int member, String address) {
    if (closed) {
      return;
    }
    Dialler dialler = diallers.get(member);
    if (dialler == null) {
      dialler = new Dialler(this, member, address);
      diallers.put(member, dialler);
    }
    dialler.connect(address);
  }

  /** Sends a frame that has been checked; without a connection it is lost. */
  void send(int to, int kind, ByteBuffer header, List<Payload> values) {
    if (to < 0) {
      Accepted client = clients.get(to);
      if (client != null) {
        client.send(kind, header, values);
      }
    } else {
      Dialler dialler = diallers.get(to);
      if (dialler != null) {
        dialler.send(kind, header, values);
      }
    }
  }

  /** Someone listens at {@code address} now. */
  void wake(String address) {
    diallers.values().forEach(dialler -> dialler.wake(address));
  }

  /** Somebody has opened a line to us. */
  void accept(Accepted connection, Line line) {
    if (closed) {
      connection.end("this link closes");
    } else {
      accepted.add(connection);
    }
    connection.opened(line);
  }

  /** A client has said hello; gives it a number. */
  int admit(Accepted connection) {
    int number = lastClient.decrementAndGet();
    if (number >= 0) {
      throw new IllegalStateException("2^31 clients have come; restart this host");
    }
    clients.put(number, connection);
    return number;
  }

  /** A dialler is refused; said once per member and reason. */
  void refusing(int member, String remote, String why) {
    if (refusals.size() == REFUSALS_MAX) {
      refusals.clear();
    }
    if (!why.equals(refusals.put(member, why))) {
      String who = member == 0 ? "a client" : "member " + member;
      warn(who + " from " + remote + " is refused: " + why);
    }
  }

  /** A dialler is accepted; the next refusal is news again. */
  void accepting(int member) {
    if (member != 0) {
      refusals.remove(member);
    }
  }

  /**
   * A connection that was accepted is over.
   *
   * @param matters whether the listener hears of it: it was up, and not for bulk
   */
  void left(Accepted connection, boolean matters) {
    accepted.remove(connection);
    if (matters) {
      clients.remove(connection.peer());
      if (!closed) {
        listener.disconnected(connection.peer(), false);
      }
    }
  }

  /** Logs what strangers may provoke, within a budget. */
  void warn(String what) {
    if (budget.spend(System.nanoTime())) {
      LOG.warn("{}", what);
    }
  }

  /** Ends all connections; the listener hears nothing more. */
  void close() {
    closed = true;
    diallers.values().forEach(Dialler::close);
    new ArrayList<>(accepted).forEach(connection -> connection.end("this link closes"));
  }
}

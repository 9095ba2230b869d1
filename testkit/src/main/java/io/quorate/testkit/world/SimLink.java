package io.quorate.testkit.world;

import io.quorate.spi.Check;
import io.quorate.spi.Loop;
import io.quorate.spi.Payload;
import io.quorate.spi.Transport;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.TreeMap;

/** One process's end of the simulated network: dials the members, for ever. */
public final class SimLink implements Transport.Link {
  private static final long RETRY_NANOS_MIN = 20_000_000;
  private static final long RETRY_NANOS_MAX = 320_000_000;
  private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

  private final SimNetwork network;
  private final Life life;
  private final SimLoop loop;
  private final Transport.Listener listener;
  private final TreeMap<Integer, SimConnection> connections = new TreeMap<>();
  private final TreeMap<Integer, Long> patience = new TreeMap<>();
  private int lastClient;

  SimLink(SimNetwork network, Life life, Transport.Listener listener) {
    this.network = network;
    this.life = life;
    this.listener = listener;
    loop = new SimLoop(life);
  }

  Life life() {
    return life;
  }

  int member() {
    return life.member;
  }

  Transport.Listener listener() {
    return listener;
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
    life.later(network.weather().networkNanos(), () -> dial(member, address));
  }

  private void dial(int member, String address) {
    SimLink target = network.find(member(), address);
    if (target == null || network.isBlocked(member(), target.member())) {
      dialAgain(member, address);
      return;
    }
    SimConnection connection = new SimConnection(network, this, target, member, address);
    network.add(connection);
    connection.greet(listener.hello(member));
  }

  /** After a failure: not at once, not all at the same time, and later each time. */
  void dialAgain(int member, String address) {
    long wait = patience.getOrDefault(member, RETRY_NANOS_MIN);
    patience.put(member, Math.min(2 * wait, RETRY_NANOS_MAX));
    life.later(wait + network.weather().networkNanos(), () -> dial(member, address));
  }

  /** The member that was dialled has accepted: this is the way to it now. */
  void up(SimConnection connection) {
    connections.put(connection.wanted(), connection);
    patience.remove(connection.wanted());
  }

  /** A connection that this link dialled, and that was up, is over. */
  void down(SimConnection connection) {
    connections.remove(connection.wanted(), connection);
    inTurn(() -> listener.disconnected(connection.wanted(), true));
  }

  /** A client is accepted; returns its number here. */
  int admit(SimConnection client) {
    connections.put(--lastClient, client);
    return lastClient;
  }

  /** A connection that was accepted is over. */
  void left(SimConnection connection, int peer) {
    connections.remove(peer, connection);
    inTurn(() -> listener.disconnected(peer, false));
  }

  /** Something from outside arrives in the loop; it waits where the process is paused. */
  void inTurn(Runnable input) {
    if (life.isPaused()) {
      life.run(() -> loop.turn(input));
    } else if (!life.isOver()) {
      loop.turn(input);
    }
  }

  @Override
  public void send(int to, int kind, ByteBuffer header, List<Payload> values) {
    Check.that(loop.inLoop(), "frames are sent in the loop");
    SimConnection connection = connections.get(to);
    if (connection != null) {
      connection.send(this, kind, header, joined(values));
    }
  }

  private static ByteBuffer joined(List<Payload> values) {
    if (values.isEmpty()) {
      return EMPTY;
    }
    int bytes = 0;
    for (Payload value : values) {
      bytes += value.length();
    }
    ByteBuffer all = ByteBuffer.allocate(bytes);
    values.forEach(value -> all.put(value.buffer()));
    return all.flip();
  }

  @Override
  public int port() {
    return member() < 0 ? 0 : 1;
  }

  @Override
  public void close() {
    life.end();
    network.ended(life);
  }
}

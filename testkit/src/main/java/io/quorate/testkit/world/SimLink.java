package io.quorate.testkit.world;

import io.quorate.spi.Check;
import io.quorate.spi.Loop;
import io.quorate.spi.Payload;
import io.quorate.spi.Transport;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One process's end of the simulated network: dials the members, for ever. */
public final class SimLink implements Transport.Link {
  private static final long RETRY_NANOS = 20_000_000;

  private final SimNetwork network;
  private final Life life;
  private final SimLoop loop;
  private final Transport.Listener listener;
  private final TreeMap<Integer, SimConnection> dialled = new TreeMap<>();

  public SimLink(SimNetwork network, Life life, Transport.Listener listener) {
    this.network = network;
    this.life = life;
    this.listener = listener;
    loop = new SimLoop(life);
  }

  public Life life() {
    return life;
  }

  public int member() {
    return life.member;
  }

  public Transport.Listener listener() {
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
    SimLink target = network.at(address);
    if (target == null || network.isBlocked(member(), member)) {
      dialAgain(member, address);
      return;
    }
    SimConnection connection = new SimConnection(network, this, target, address);
    network.add(connection);
    connection.greet(listener.hello(member));
  }

  /** After a failure: not at once, and not all at the same time. */
  public void dialAgain(int member, String address) {
    life.later(RETRY_NANOS + network.weather().networkNanos(), () -> dial(member, address));
  }

  /** The member that was dialled has accepted. */
  public void up(SimConnection connection, Transport.Hello remote) {
    dialled.put(connection.to(), connection);
    inTurn(() -> listener.connected(connection.to(), remote));
  }

  /** A connection from or to a member, which was up at this end, is over. */
  public void down(int member, @Nullable SimConnection own) {
    if (own != null) {
      dialled.remove(member, own);
    }
    inTurn(() -> listener.disconnected(member, own != null));
  }

  /** Something from outside arrives in the loop. */
  public void inTurn(Runnable input) {
    loop.turn(input);
  }

  @Override
  public void send(int to, int kind, ByteBuffer header, List<Payload> values) {
    Check.that(loop.inLoop(), "frames are sent in the loop");
    SimConnection connection = dialled.get(to);
    if (connection != null) {
      connection.send(kind, header, joined(values));
    }
  }

  private static ByteBuffer joined(List<Payload> values) {
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
    return 1;
  }

  @Override
  public void close() {
    life.end();
    network.ended(life);
  }
}

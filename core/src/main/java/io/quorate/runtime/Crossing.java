package io.quorate.runtime;

import io.quorate.spi.Loop;
import io.quorate.spi.Payload;
import io.quorate.spi.Transport;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * A link of several loops, for a replica that lives in one of them. A client's connection lives in
 * whichever loop it was accepted in, and only there can it be sent to: so what is sent to a client
 * crosses to that loop. To a member each loop has a connection of its own, and nothing crosses.
 */
final class Crossing implements Transport.Link {
  private final Transport.Link link;
  private final ConcurrentMap<Integer, Loop> clients = new ConcurrentHashMap<>();

  private Crossing(Transport.Link link) {
    this.link = link;
  }

  /** The link itself if it has one loop only. */
  static Transport.Link of(Transport.Link link) {
    return link.loops() == 1 ? link : new Crossing(link);
  }

  /**
   * Whether the caller, in the loop of a connection, stands outside {@code home}. What a link tells
   * of the connections that another loop has dialled does not matter at home.
   */
  static boolean isElsewhere(Transport.Link link, Loop home) {
    return link.loops() > 1 && !home.inLoop();
  }

  /** A client was heard, in the loop of its connection. */
  void heard(int client) {
    if (clients.containsKey(client)) {
      return;
    }
    for (int i = 0; i < link.loops(); i++) {
      if (link.loop(i).inLoop()) {
        clients.put(client, link.loop(i));
      }
    }
  }

  /** Its connection broke. */
  void lost(int client) {
    clients.remove(client);
  }

  @Override
  public void send(int to, int kind, ByteBuffer header, List<Payload> values) {
    if (to >= 0) {
      link.send(to, kind, header, values);
      return;
    }
    Loop loop = clients.get(to);
    if (loop == null) {
      return; // Without a connection a frame is lost.
    }
    if (loop.inLoop()) {
      link.send(to, kind, header, values);
    } else {
      loop.execute(() -> link.send(to, kind, header, values));
    }
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
  public int port() {
    return link.port();
  }

  @Override
  public void close() {
    link.close();
  }
}

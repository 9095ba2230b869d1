package io.quorate.testkit.world;

import io.quorate.spi.Loop;
import io.quorate.spi.Transport;
import io.quorate.spi.Transport.Hello;
import io.quorate.testkit.WorldFault;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A simulated world without replicas: processes that note what they hear. */
final class World {
  static final long MILLIS = 1_000_000;

  final Agenda agenda = new Agenda();
  final Incidents incidents = new Incidents();
  final Setting setting;
  final SimNetwork network;

  World(long seed) {
    Weather weather = new Weather(new SplittableRandom(seed));
    setting = new Setting(agenda, weather, new Trace(agenda, null), incidents);
    network = new SimNetwork(setting);
  }

  void pass(long nanos) {
    long end = agenda.now() + nanos;
    while (agenda.runNext(end)) {
      // Until nothing is left.
    }
  }

  long happened(WorldFault fault) {
    return incidents.of(fault);
  }

  /** A process; a member listens at its number, a client has a negative one. */
  Node node(int id) {
    return new Node(id);
  }

  /** Whoever takes part. */
  final class Node implements Transport.Listener {
    final int id;
    final Life life;
    final Transport.Link link;
    final List<String> heard = new ArrayList<>();

    Node(int id) {
      this.id = id;
      life = new Life(id, setting, 0);
      link = network.transport(life).open(id > 0 ? address(id) : null, this);
    }

    Node dials(Node other) {
      link.connect(other.id, address(other.id));
      return this;
    }

    Loop loop() {
      return link.loop(0);
    }

    void says(int to, int... words) {
      saysOfKind(1, to, words);
    }

    void saysOfKind(int kind, int to, int... words) {
      loop()
          .execute(
              () -> {
                for (int word : words) {
                  ByteBuffer header = ByteBuffer.allocate(4).putInt(word).flip();
                  link.send(to, kind, header, List.of());
                }
              });
    }

    List<String> takeHeard() {
      List<String> taken = List.copyOf(heard);
      heard.clear();
      return taken;
    }

    @Override
    public Hello hello(int target) {
      return new Hello(null, List.of(), Math.max(0, id), target, id);
    }

    @Override
    public Hello answer(Hello remote) {
      return hello(0);
    }

    @Override
    public @Nullable String refuse(Hello remote) {
      return null;
    }

    @Override
    public void connected(int member, Hello remote) {
      heard.add("up " + member);
    }

    @Override
    public void disconnected(int peer, boolean dialled) {
      heard.add("down " + peer);
    }

    @Override
    public void refused(int member, String reason) {
      heard.add("refused by " + member);
    }

    @Override
    public void received(int from, int kind, ByteBuffer header, ByteBuffer values) {
      heard.add(from + ": " + header.getInt());
    }
  }

  static String address(int id) {
    return "sim" + id + ":1";
  }
}

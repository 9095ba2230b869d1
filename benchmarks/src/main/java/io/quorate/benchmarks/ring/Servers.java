package io.quorate.benchmarks.ring;

import io.quorate.ring.Ring;
import io.quorate.ring.RingBuilder;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.spy.memcached.DefaultHashAlgorithm;
import net.spy.memcached.KetamaNodeLocator;
import net.spy.memcached.MemcachedNode;

/** The nodes that all contestants share, and the contestants that are made of them. */
final class Servers {
  /** As many tokens a node as Ketama has points. */
  static final int TOKENS = 160;

  private static final int PORT = 11211;

  private Servers() {}

  /** Distinct addresses, which no name service is asked for. */
  static List<String> names(int count) {
    return IntStream.range(0, count).mapToObj(Servers::name).toList();
  }

  static String name(int number) {
    return String.format(
        "10.%d.%d.%d", (number >>> 16) & 0xFF, (number >>> 8) & 0xFF, number & 0xFF);
  }

  static Ring<String> ring(int count) {
    RingBuilder<String> builder = Ring.<String>builder().tokens(TOKENS);
    names(count).forEach(builder::add);
    return builder.build();
  }

  /** All servers with weight 1. */
  static Map<String, Integer> weights(int count) {
    Map<String, Integer> weights = new LinkedHashMap<>();
    names(count).forEach(name -> weights.put(name + ":" + PORT, 1));
    return weights;
  }

  /** spymemcached's ring over nodes that are never connected to. */
  static KetamaNodeLocator spymemcached(int count) {
    List<MemcachedNode> nodes = new ArrayList<>();
    for (String name : names(count)) {
      nodes.add(node(InetSocketAddress.createUnresolved(name, PORT)));
    }
    return new KetamaNodeLocator(nodes, DefaultHashAlgorithm.KETAMA_HASH);
  }

  private static MemcachedNode node(SocketAddress address) {
    return (MemcachedNode)
        Proxy.newProxyInstance(
            Servers.class.getClassLoader(),
            new Class<?>[] {MemcachedNode.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "getSocketAddress" -> address;
                  case "toString" -> address.toString();
                  case "hashCode" -> System.identityHashCode(proxy);
                  case "equals" -> proxy == arguments[0];
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }
}

package io.quorate.examples.quickstart;

import io.quorate.Cluster;
import io.quorate.examples.cli.UsageException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The ports of three replicas: the transport's, then the line protocol's.
 *
 * @param ports six of them
 */
record Ports(List<Integer> ports) {
  private static final int COUNT = 6;

  Ports {
    ports = List.copyOf(ports);
  }

  /** Six ports from {@code base} on, or six free ones for 0. None stays bound. */
  static Ports find(int base) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < COUNT; i++) {
        ServerSocket socket = new ServerSocket();
        sockets.add(socket);
        bind(socket, base == 0 ? 0 : base + i);
      }
      return new Ports(sockets.stream().map(ServerSocket::getLocalPort).toList());
    } finally {
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    }
  }

  private static void bind(ServerSocket socket, int port) {
    try {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      throw new UsageException(
          "port %d cannot be bound (%s); choose another --base-port or leave it away"
              .formatted(port, e.getMessage()));
    }
  }

  Cluster cluster() {
    Map<Integer, String> members = new TreeMap<>();
    for (int member = 1; member <= COUNT / 2; member++) {
      members.put(member, "localhost:" + ports.get(member - 1));
    }
    return Cluster.of(members);
  }

  int linePort(int member) {
    return ports.get(COUNT / 2 + member - 1);
  }
}

package io.quorate.benchmarks;

import io.quorate.Cluster;
import io.quorate.Replica;
import io.quorate.StateMachine;
import io.quorate.runtime.Host;
import io.quorate.spi.Protocol;
import io.quorate.storage.FileLog;
import io.quorate.transport.NettyTransport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Three replicas in this JVM, with durable logs, that talk over loopback TCP. */
public final class Trio implements AutoCloseable {
  private static final int REPLICAS = 3;
  private static final long START_NANOS_MAX = TimeUnit.SECONDS.toNanos(30);
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final Cluster cluster;
  private final Path directory;
  private final List<Replica> replicas = new ArrayList<>();

  private Trio(Cluster cluster, Path directory) {
    this.cluster = cluster;
    this.directory = directory;
  }

  /**
   * Starts the three replicas, members 1 to 3, and waits until one of them leads.
   *
   * @param tuning changes what a replica is made of, also what the front door has no word for
   */
  public static Trio start(
      Protocol<?> protocol,
      Path directory,
      Supplier<StateMachine> machine,
      Consumer<Host.Options> tuning)
      throws IOException {
    Trio trio = new Trio(Cluster.of(freeAddresses()), directory);
    try {
      for (int member : trio.cluster.members()) {
        Host.Options options = new Host.Options(trio.cluster, member);
        options.protocol = protocol;
        options.log = FileLog.at(trio.directory(member));
        options.transport = NettyTransport.create();
        tuning.accept(options);
        trio.replicas.add(Host.start(options, machine.get()));
      }
      trio.awaitLeader();
      return trio;
    } catch (RuntimeException e) {
      trio.close();
      throw e;
    }
  }

  /* All three stay open until all are known, or the same port could come twice. */
  private static Map<Integer, String> freeAddresses() throws IOException {
    Map<Integer, String> addresses = new TreeMap<>();
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      for (int member = 1; member <= REPLICAS; member++) {
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        sockets.add(socket);
        addresses.put(member, "127.0.0.1:" + socket.getLocalPort());
      }
    } finally {
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    }
    return addresses;
  }

  /** The replica that leads, once one does. */
  Replica awaitLeader() {
    long start = System.nanoTime();
    while (System.nanoTime() - start < START_NANOS_MAX) {
      for (Replica replica : replicas) {
        if (replica.ready().isDone()) {
          replica.ready().join(); // Throws if the replica has halted.
          if (leads(replica)) {
            return replica;
          }
        }
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
    StringBuilder why = new StringBuilder("no replica came to lead:");
    replicas.forEach(replica -> why.append(System.lineSeparator()).append(replica.explain()));
    throw new IllegalStateException(why.toString());
  }

  /** Whether a replica takes itself for the leader. */
  public static boolean leads(Replica replica) {
    return replica.status().leader() == replica.status().member();
  }

  /** Where it can be reached. */
  public Cluster cluster() {
    return cluster;
  }

  /** A member's replica. */
  public Replica replica(int member) {
    return replicas.get(member - 1);
  }

  /** Where a member has its log. */
  public Path directory(int member) {
    return directory.resolve("replica-" + member);
  }

  @Override
  public void close() {
    replicas.forEach(Replica::close);
  }
}

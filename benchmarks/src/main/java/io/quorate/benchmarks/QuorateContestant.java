package io.quorate.benchmarks;

import io.quorate.Cluster;
import io.quorate.Command;
import io.quorate.Replica;
import io.quorate.StateMachine;
import io.quorate.spi.Protocol;
import io.quorate.storage.FileLog;
import io.quorate.transport.NettyTransport;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Three replicas with durable logs and a state machine that does nothing; asked at the leader. */
final class QuorateContestant implements Contestant {
  private static final int REPLICAS = 3;
  private static final long START_NANOS_MAX = TimeUnit.SECONDS.toNanos(30);
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final List<Replica> replicas;
  private final Replica leader;

  private QuorateContestant(List<Replica> replicas, Replica leader) {
    this.replicas = replicas;
    this.leader = leader;
  }

  /** Starts the three replicas and waits until one of them leads. */
  static QuorateContestant start(Protocol<?> protocol, Path directory) throws IOException {
    Cluster cluster = Cluster.of(freeAddresses());
    List<Replica> replicas = new ArrayList<>();
    try {
      for (int member : cluster.members()) {
        replicas.add(
            Replica.of(cluster, member)
                .protocol(protocol)
                .log(FileLog.at(directory.resolve("replica-" + member)))
                .transport(NettyTransport.create())
                .start(new Nothing()));
      }
      return new QuorateContestant(replicas, awaitLeader(replicas));
    } catch (RuntimeException e) {
      replicas.forEach(Replica::close);
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

  private static Replica awaitLeader(List<Replica> replicas) {
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

  private static boolean leads(Replica replica) {
    return replica.status().leader() == replica.status().member();
  }

  @Override
  public void submit(byte[] command, Done done) {
    var unused = leader.propose(command).whenComplete(done);
  }

  @Override
  public boolean undisturbed() {
    return leads(leader);
  }

  @Override
  public void close() {
    replicas.forEach(Replica::close);
  }

  /** Has no state and answers with no bytes. */
  private static final class Nothing implements StateMachine {
    private static final byte[] NO_BYTES = {};

    @Override
    public byte[] apply(Command command) {
      return NO_BYTES;
    }

    @Override
    public void snapshot(OutputStream out) {}

    @Override
    public void restore(InputStream in) {}
  }
}

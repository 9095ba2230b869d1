package io.quorate.testkit;

import io.quorate.Cluster;
import io.quorate.QuorateException;
import io.quorate.Replica;
import io.quorate.StateMachine;
import io.quorate.spi.Protocol;
import io.quorate.spi.Transport;
import io.quorate.testkit.disk.SimDisk;
import io.quorate.testkit.disk.SimDisk.Survival;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A cluster within one JVM for ordinary unit tests: real threads and real time, disks in memory.
 *
 * <pre>{@code
 * InMemoryTransport.Hub hub = InMemoryTransport.hub();
 * try (var cluster =
 *     EmbeddedCluster.start(3, Raft.protocol(), hub::transport, Counter::new)) {
 *   cluster.replica(1).propose(bytes).join();
 *   cluster.crash(2);
 *   cluster.replica(3).propose(bytes).join();
 *   cluster.restart(2);
 * }
 * }</pre>
 *
 * <p>What is acknowledged outlives a crash, as on a real disk. Methods are for one thread; the
 * replicas themselves may be used by any.
 */
public final class EmbeddedCluster implements AutoCloseable {
  private static final int SEGMENT_BYTES = 1 << 20;
  private static final long READY_SECONDS = 30;

  private final Cluster cluster;
  private final Protocol<?> protocol;
  private final Supplier<? extends Transport> transports;
  private final Supplier<? extends StateMachine> machines;
  private final TreeMap<Integer, SimDisk> disks = new TreeMap<>();
  private final TreeMap<Integer, Replica> replicas = new TreeMap<>();

  private EmbeddedCluster(
      Cluster cluster,
      Protocol<?> protocol,
      Supplier<? extends Transport> transports,
      Supplier<? extends StateMachine> machines) {
    this.cluster = cluster;
    this.protocol = protocol;
    this.transports = transports;
    this.machines = machines;
  }

  /**
   * Starts members 1 to {@code members} and waits until all can serve; fails if they cannot within
   * half a minute.
   *
   * @param transports makes the transport of each member; they have to meet, as those of one {@code
   *     InMemoryTransport.Hub} do
   * @param machines makes the state machine of each member, and again at each restart
   */
  public static EmbeddedCluster start(
      int members,
      Protocol<?> protocol,
      Supplier<? extends Transport> transports,
      Supplier<? extends StateMachine> machines) {
    Map<Integer, String> addresses = new TreeMap<>();
    for (int id = 1; id <= members; id++) {
      addresses.put(id, "member" + id + ":1");
    }
    EmbeddedCluster embedded =
        new EmbeddedCluster(Cluster.of(addresses), protocol, transports, machines);
    boolean started = false;
    try {
      embedded.startAll();
      started = true;
    } finally {
      if (!started) {
        embedded.close();
      }
    }
    return embedded;
  }

  private void startAll() {
    for (int id : cluster.members()) {
      disks.put(id, new SimDisk(id));
      start(id);
    }
    CompletableFuture<?>[] ready =
        replicas.values().stream().map(Replica::ready).toArray(CompletableFuture<?>[]::new);
    try {
      CompletableFuture.allOf(ready).orTimeout(READY_SECONDS, TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      StringBuilder why = new StringBuilder("the members are not ready; do their transports meet?");
      replicas.forEach(
          (id, replica) -> why.append("; ").append(id).append(": ").append(replica.explain()));
      throw new QuorateException(why.toString(), e);
    }
  }

  private void start(int id) {
    replicas.put(
        id,
        Replica.of(cluster, id)
            .protocol(protocol)
            .log(disk(id).log(SEGMENT_BYTES))
            .transport(transports.get())
            .start(machines.get()));
  }

  /** The members, with their addresses, for a client to connect to. */
  public Cluster cluster() {
    return cluster;
  }

  /**
   * A member's replica.
   *
   * @throws IllegalArgumentException if there is no such member, or it is down
   */
  public Replica replica(int id) {
    Replica replica = replicas.get(id);
    if (replica == null) {
      throw new IllegalArgumentException(
          "member " + id + " does not run; those that do are " + replicas.keySet());
    }
    return replica;
  }

  /** All replicas that run, in the order of their ids. */
  public Collection<Replica> replicas() {
    return Collections.unmodifiableCollection(replicas.values());
  }

  /** Ends a member as a power cut does: what it has not synced is lost. */
  public void crash(int id) {
    Replica replica = replica(id);
    disk(id).cutPower();
    replicas.remove(id);
    try {
      replica.close();
    } finally {
      disk(id).restart(Survival.NOTHING);
    }
  }

  /** Starts a member that was crashed, on what its disk has kept. */
  public void restart(int id) {
    if (replicas.containsKey(id)) {
      throw new IllegalArgumentException("member " + id + " runs; crash it first");
    }
    start(id);
  }

  private SimDisk disk(int id) {
    SimDisk disk = disks.get(id);
    if (disk == null) {
      throw new IllegalArgumentException("no member " + id + "; there are " + disks.keySet());
    }
    return disk;
  }

  /** Ends all members. */
  @Override
  public void close() {
    @Nullable RuntimeException failed = null;
    for (Replica replica : replicas.values()) {
      try {
        replica.close();
      } catch (RuntimeException e) {
        failed = e;
      }
    }
    replicas.clear();
    if (failed != null) {
      throw failed;
    }
  }
}

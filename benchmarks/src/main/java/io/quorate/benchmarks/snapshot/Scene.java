package io.quorate.benchmarks.snapshot;

import io.quorate.Admin;
import io.quorate.Client;
import io.quorate.SnapshotInfo;
import io.quorate.benchmarks.OpenLoad;
import io.quorate.benchmarks.Trio;
import io.quorate.spi.Protocol;
import io.quorate.transport.NettyTransport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * Three replicas with a large state. Member 1 leads; member 2 gets snapshots as fast as it can,
 * member 3 at the default pace; both get one when they were cut off for long enough.
 */
final class Scene implements AutoCloseable {
  static final int LEADER = 1;
  static final int UNTHROTTLED = 2;
  static final int THROTTLED = 3;
  static final int VALUE_BYTES = 4 << 10;

  /** What the load writes, at other places than the rest of the state. */
  static final int LOAD_BYTES = 1 << 10;

  private static final String FINISHED = ".snap";
  private static final int LOAD_KEYS = 10_000;
  private static final int INFLIGHT = 256;
  private static final int APART = 100;
  private static final int SLOTS = 1 << 12;
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(120);
  private static final long NO_LIMIT = Long.MAX_VALUE;

  private final Trio trio;
  private final Client client;
  private final Admin admin;
  private final List<Cable> cables;
  private final long keys;
  private final OpenLoad load;

  /** How long it took a member to have a snapshot, from when it got the first part. */
  record Installed(long bytes, double durableSeconds, double restoredSeconds) {}

  private Scene(Trio trio, List<Cable> cables, long stateBytes) {
    this.trio = trio;
    this.cables = cables;
    keys = Math.max(1, stateBytes / VALUE_BYTES);
    client = Client.connect(trio.cluster(), NettyTransport.create());
    admin = client.admin();
    admin.transfer(LEADER).join();
    load =
        new OpenLoad(
            trio.replica(LEADER)::propose,
            LOAD_BYTES,
            SLOTS,
            () -> ThreadLocalRandom.current().nextLong(keys, keys + LOAD_KEYS));
  }

  /** Starts the replicas and brings the state up to its size. */
  static Scene start(
      Protocol<?> protocol, Path directory, long stateBytes, LongConsumer captureNanos)
      throws IOException {
    List<Cable> cables = new ArrayList<>(); // Members start in order, from 1 on.
    Trio trio =
        Trio.start(
            protocol,
            directory,
            () -> new Values(captureNanos),
            options -> {
              options.snapshotBytes = NO_LIMIT; // They are taken when we say.
              if (options.member == UNTHROTTLED) {
                options.snapshotBytesPerSecond = NO_LIMIT;
              }
              Cable cable = new Cable(NettyTransport.create());
              options.transport = cable;
              cables.add(cable);
            });
    Scene scene = new Scene(trio, cables, stateBytes);
    scene.write(0, scene.keys);
    return scene;
  }

  /** Writes those keys, many at a time, and waits for all. */
  private void write(long from, long to) {
    Semaphore room = new Semaphore(INFLIGHT);
    Random random = new Random(from);
    for (long key = from; key < to; key++) {
      byte[] command = new byte[Long.BYTES + VALUE_BYTES];
      random.nextBytes(command);
      ByteBuffer.wrap(command).putLong(0, key);
      room.acquireUninterruptibly();
      var unused =
          trio.replica(LEADER).propose(command).whenComplete((reply, no) -> room.release());
    }
    room.acquireUninterruptibly(INFLIGHT);
  }

  /** Writes to any of the keys at the leader. */
  OpenLoad load() {
    return load;
  }

  /** Has the leader take a snapshot. */
  SnapshotInfo snapshot() {
    return admin.snapshot(LEADER).join();
  }

  /**
   * Cuts a member off until what it lacks is in snapshots only: the others give up their logs to
   * the one before the newest. All of them do, as with Multi-Paxos any of them would send entries.
   *
   * @return of the newest ones, the one that includes least
   */
  SnapshotInfo leaveBehind(int member) throws IOException {
    cables.get(member - 1).cut();
    write(0, Math.min(keys, APART));
    snapshots(member);
    write(0, Math.min(keys, APART));
    List<SnapshotInfo> newest = snapshots(member);
    write(0, Math.min(keys, APART));
    return Collections.min(newest, Comparator.comparingLong(SnapshotInfo::entryIndex));
  }

  /** Has all but that member take one, at the same time, of all that the leader has applied. */
  private List<SnapshotInfo> snapshots(int without) throws IOException {
    long applied = trio.replica(LEADER).status().appliedEntry();
    for (int member : trio.cluster().members()) {
      if (member != without) {
        await(() -> trio.replica(member).status().appliedEntry() >= applied, System.nanoTime());
      }
    }
    return trio.cluster().members().stream()
        .filter(member -> member != without)
        .map(admin::snapshot)
        .toList()
        .stream()
        .map(CompletableFuture::join)
        .toList();
  }

  /**
   * Lets a member back, and waits until it has that snapshot, or a later one.
   *
   * @param whenDurable is called when it is durable, and not restored yet
   */
  Installed install(int member, SnapshotInfo snapshot, Runnable whenDurable) throws IOException {
    Cable cable = cables.get(member - 1);
    cable.mend();
    long mended = System.nanoTime();
    await(() -> hasFile(member, snapshot), mended);
    long durable = System.nanoTime();
    whenDurable.run();
    await(() -> hasRestored(member, snapshot), mended);
    long restored = System.nanoTime();
    long first = cable.firstPartNanos();
    return new Installed(snapshot.bytes(), (durable - first) / 1e9, (restored - first) / 1e9);
  }

  private boolean hasRestored(int member, SnapshotInfo snapshot) {
    return trio.replica(member).status().appliedEntry() >= snapshot.entryIndex();
  }

  private boolean hasFile(int member, SnapshotInfo snapshot) throws IOException {
    try (Stream<Path> files = Files.list(trio.directory(member))) {
      return files.anyMatch(file -> entryIndex(file.toString()) >= snapshot.entryIndex());
    }
  }

  /** Of a finished snapshot, from its name (docs/log-format.md, section 6); else -1. */
  private static long entryIndex(String file) {
    if (!file.endsWith(FINISHED)) {
      return -1;
    }
    int end = file.length() - FINISHED.length();
    return Long.parseLong(file.substring(end - 2 * Long.BYTES, end), 16);
  }

  private interface Condition {
    boolean holds() throws IOException;
  }

  private void await(Condition condition, long since) throws IOException {
    while (!condition.holds()) {
      if (System.nanoTime() - since > PATIENCE_NANOS) {
        StringBuilder why = new StringBuilder("no snapshot was installed:");
        for (int member : trio.cluster().members()) {
          why.append(System.lineSeparator()).append(trio.replica(member).explain());
        }
        throw new IllegalStateException(why.toString());
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  /** Fails if another member leads: then something else was measured. */
  void checkUndisturbed() {
    if (!Trio.leads(trio.replica(LEADER))) {
      throw new IllegalStateException("the leader changed during the run: nothing to compare");
    }
  }

  @Override
  public void close() {
    load.close();
    client.close();
    trio.close();
  }
}

package io.quorate.examples.durability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.quorate.Cluster;
import io.quorate.Replica;
import io.quorate.Status;
import io.quorate.examples.cli.Engines;
import io.quorate.runtime.Host;
import io.quorate.runtime.Workers;
import io.quorate.spi.Transport;
import io.quorate.storage.disk.Counters;
import io.quorate.storage.disk.FileLogStore;
import io.quorate.storage.disk.RealDisk;
import io.quorate.transport.InMemoryTransport;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What one command costs that has the group to itself. Its way is caller → loop → members' logs →
 * loop → apply → caller: five hand-offs between threads, of which the followers' are the longest
 * way.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class LoneCommandTest {
  private static final int LARGE = 512 << 10;
  private static final int SLACK = 64 << 10;

  @TempDir Path directory;
  private final List<Member> members = new ArrayList<>();

  @AfterEach
  void close() {
    members.forEach(member -> member.replica.close());
  }

  @ParameterizedTest
  @EnumSource
  void aLoneCommandIsHandedOverFiveTimesAndWrittenAndForcedOnceEverywhere(Engines engine) {
    Member leader = start(engine);
    leader.replica.propose(new byte[1]).join(); // What start saved is forced ahead of it.
    settle(leader);
    List<Cost> before = costs();
    leader.replica.propose(new byte[1024]).join();
    settle(leader);
    List<Cost> after = costs();
    for (int i = 0; i < members.size(); i++) {
      Member member = members.get(i);
      Cost cost = after.get(i).minus(before.get(i));
      String where = member == leader ? "leader " + cost : "follower " + cost;
      // From the caller (at the leader) and from the log; never from the apply stage.
      assertEquals(member == leader ? 2 : 1, cost.loop, where);
      assertEquals(1, cost.log, where);
      assertEquals(1, cost.apply, where);
      assertEquals(1, cost.writes, where);
      assertEquals(1, cost.forces, where);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theBytesOfACommandAreCopiedOnceOnTheLoopAndNowhereElseOnTheHeap(Engines engine) {
    Member leader = start(engine);
    leader.replica.propose(new byte[LARGE]).join(); // Buffers and classes are there from now on.
    settle(leader);
    byte[] command = new byte[LARGE];
    Map<String, Long> before = allocated();
    leader.replica.propose(command).join();
    allocated()
        .forEach(
            (thread, bytes) -> {
              long since = bytes - before.getOrDefault(thread, 0L);
              boolean batches = thread.startsWith("quorate-loop");
              assertTrue(since < (batches ? LARGE + SLACK : SLACK), thread + " took " + since);
            });
  }

  /** Starts three, and returns the one that leads. */
  private Member start(Engines engine) {
    Cluster cluster = Cluster.parse("1=a:1,2=b:1,3=c:1");
    InMemoryTransport.Hub hub = InMemoryTransport.hub();
    for (int id : cluster.members()) {
      members.add(new Member(engine, cluster, id, hub.transport(), directory));
    }
    members.forEach(member -> member.replica.ready().join());
    int leader = 0;
    while (leader == 0) { // It may be stepping up again just now.
      Thread.onSpinWait();
      leader = members.get(0).look().leader();
    }
    return members.get(leader - 1);
  }

  /** All have applied the same, and nothing is on its way to a disk. */
  private void settle(Member leader) {
    long last = leader.look().lastEntry();
    for (Member member : members) {
      Status status = member.look();
      while (status.appliedEntry() < last || status.durableEntry() < last) {
        Thread.onSpinWait();
        status = member.look();
      }
    }
  }

  private List<Cost> costs() {
    return members.stream().map(Member::cost).collect(Collectors.toList());
  }

  private static Map<String, Long> allocated() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Map<String, Long> bytes = new TreeMap<>();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("quorate-")) {
        bytes.put(thread.getName(), threads.getThreadAllocatedBytes(thread.getId()));
      }
    }
    return bytes;
  }

  private record Cost(int loop, int log, int apply, long writes, long forces) {
    Cost minus(Cost other) {
      return new Cost(
          loop - other.loop,
          log - other.log,
          apply - other.apply,
          writes - other.writes,
          forces - other.forces);
    }
  }

  private static final class Member {
    private final AtomicInteger log = new AtomicInteger();
    private final AtomicInteger apply = new AtomicInteger();
    private final CountedTransport transport;
    private final Replica replica;
    private FileLogStore store;
    private int looks;

    @SuppressWarnings("NullAway.Init") // The store is opened by start.
    Member(Engines engine, Cluster cluster, int id, Transport below, Path directory) {
      transport = new CountedTransport(below);
      Host.Options options = new Host.Options(cluster, id);
      options.protocol = engine.protocol();
      options.transport = transport;
      options.log =
          () -> {
            store =
                FileLogStore.open(new RealDisk(directory.resolve(Integer.toString(id))), 8 << 20);
            return store;
          };
      Workers workers = options.workers;
      options.workers = (name, turn) -> counted(name, workers.worker(name, turn));
      replica = Host.start(options, new Nothing());
    }

    private Workers.Worker counted(String name, Workers.Worker worker) {
      AtomicInteger count =
          name.startsWith("quorate-log")
              ? log
              : name.startsWith("quorate-apply") ? apply : new AtomicInteger();
      return new Workers.Worker() {
        @Override
        public void wake() {
          count.incrementAndGet();
          worker.wake();
        }

        @Override
        public void close() {
          worker.close();
        }
      };
    }

    /** A look is a hand-off of this test's own, and does not count. */
    Status look() {
      looks++;
      return replica.status();
    }

    Cost cost() {
      Counters disk = store.counters();
      return new Cost(
          transport.handOffs.get() - looks, log.get(), apply.get(), disk.writes(), disk.forces());
    }
  }
}

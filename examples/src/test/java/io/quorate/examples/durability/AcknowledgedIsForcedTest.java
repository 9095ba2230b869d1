package io.quorate.examples.durability;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quorate.Cluster;
import io.quorate.Replica;
import io.quorate.examples.cli.Engines;
import io.quorate.storage.disk.FileLogStore;
import io.quorate.storage.disk.RealDisk;
import io.quorate.transport.InMemoryTransport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A killed process keeps what it wrote, forced or not; so a kill does not test fsync. This does: at
 * the moment at which a command is acknowledged, a force that covers it has returned on two of
 * three disks.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class AcknowledgedIsForcedTest {
  private static final int COMMANDS = 10_000;
  private static final int IN_FLIGHT = 256;
  private static final int SEGMENT_BYTES = 256 << 10;

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void everyAcknowledgedCommandIsForcedOnAQuorum(Engines engine) throws InterruptedException {
    assertEquals(0, acknowledgedBeforeForced(engine, true));
  }

  @ParameterizedTest
  @EnumSource
  void withoutForceNotOneWouldBe(Engines engine) throws InterruptedException {
    assertEquals(COMMANDS, acknowledgedBeforeForced(engine, false));
  }

  private int acknowledgedBeforeForced(Engines engine, boolean forces) throws InterruptedException {
    Cluster cluster = Cluster.parse("1=a:1,2=b:1,3=c:1");
    InMemoryTransport.Hub hub = InMemoryTransport.hub();
    List<RecordingDisk> disks = new ArrayList<>();
    List<Replica> replicas = new ArrayList<>();
    try {
      for (int member : cluster.members()) {
        RecordingDisk disk =
            new RecordingDisk(new RealDisk(directory.resolve(Integer.toString(member))), forces);
        disks.add(disk);
        replicas.add(
            Replica.of(cluster, member)
                .protocol(engine.protocol())
                .log(() -> FileLogStore.open(disk, SEGMENT_BYTES))
                .transport(hub.transport())
                .start(new Nothing()));
      }
      replicas.forEach(replica -> replica.ready().join());
      return load(replicas.get(0), disks);
    } finally {
      replicas.forEach(Replica::close);
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // The callback counts every outcome.
  private static int load(Replica replica, List<RecordingDisk> disks) throws InterruptedException {
    AtomicInteger early = new AtomicInteger();
    AtomicInteger failed = new AtomicInteger();
    Semaphore room = new Semaphore(IN_FLIGHT);
    for (int i = 0; i < COMMANDS; i++) {
      String token = String.format("<%08d>", i);
      room.acquire();
      replica
          .propose(token.getBytes(US_ASCII))
          .whenComplete(
              (reply, failure) -> {
                if (failure != null) {
                  failed.incrementAndGet();
                } else if (disks.stream().filter(disk -> disk.hasForced(token)).count() < 2) {
                  early.incrementAndGet();
                }
                room.release();
              });
    }
    room.acquire(IN_FLIGHT);
    assertEquals(0, failed.get());
    return early.get();
  }
}

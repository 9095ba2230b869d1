package io.quorate.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.quorate.spi.Entry;
import io.quorate.spi.Lead;
import io.quorate.spi.Snapshots.Snapshot;
import io.quorate.spi.Stamp;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LateSnapshotTest {
  private final Bench bench = new Bench();

  @Test
  @DisplayName("N8: a snapshot that comes when its entries are applied restores nothing")
  void aSnapshotThatComesLateRestoresNothing() throws IOException {
    bench.engine.commits = false;
    LocalReplica replica = bench.started();
    bench.input(out -> out.needSnapshot(2, 3));
    bench.settle();
    byte[] content = content();
    Snapshot told = FakeSnapshots.snapshot(3, content);
    part(told, new byte[0]);
    assertEquals(2, bench.sentOf(Wire.SNAPSHOT_ASK).size());
    bench.snapshotWorker().stopped = true;
    part(told, content);
    bench.input(
        out -> {
          for (long index = 1; index <= 4; index++) {
            out.write(
                new Entry(
                    1, index, Entry.Kind.LEAD, Bench.STAMP, new Lead(1, Bench.STAMP).encode()));
          }
          out.commit(4);
        });
    bench.settle();
    assertEquals(4, replica.statusInLoop().appliedEntry());
    bench.snapshotWorker().stopped = false;
    bench.settle();
    assertEquals(List.of(3L), List.copyOf(bench.store.snapshots.finished.keySet()));
    assertFalse(replica.closed().isDone());
    assertEquals(4, replica.statusInLoop().appliedEntry());
    assertEquals(0, replica.statusInLoop().commandIndex(), "not 40, as in the snapshot");
  }

  private void part(Snapshot told, byte[] bytes) {
    bench.receive(
        2,
        Wire.SNAPSHOT_PART,
        Wire.Out.ofGroup(1, 200).putSnapshot(told).putLong(0).put(bytes).end());
    bench.settle();
  }

  private static byte[] content() throws IOException {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(content);
    new SnapshotHead(List.of(), 40, 5, new Lead(0, Stamp.NONE)).write(out);
    new SessionTable(1).write(out);
    return content.toByteArray();
  }
}

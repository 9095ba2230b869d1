package io.quorate.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.raft.RaftMessage.Append;
import io.quorate.raft.RaftMessage.Appended;
import io.quorate.raft.RaftMessage.InstallSnapshot;
import io.quorate.spi.Base;
import io.quorate.spi.Entry;
import io.quorate.spi.Payload;
import io.quorate.spi.Stamp;
import io.quorate.testkit.engine.EngineGroup;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** §5 of the paper, and the snapshots of docs/scenarios.md (N rows). */
class SnapshotTest {
  private static final Base OTHER_TERM = new Base(5, new Stamp(4, 0));
  private static final Base SAME_TERM = new Base(5, new Stamp(3, 0));

  @Test
  @DisplayName("N1: what was not written behind the snapshot's own entry goes")
  void aDivergentLogGoes() {
    RaftReplica follower = needing();
    follower.rebase(OTHER_TERM);
    assertEquals(5, follower.last());
    assertEquals(List.of(), follower.entries());
    assertEquals(5, follower.engine().status().commit());
    assertEquals(5, follower.engine().status().durable());
  }

  @Test
  @DisplayName("N3: what was written behind the snapshot's own entry stays")
  void aLogThatGoesOnStays() {
    RaftReplica follower = needing();
    follower.rebase(SAME_TERM);
    assertEquals(7, follower.last());
    assertEquals(List.of(6L, 7L), follower.entries().stream().map(e -> e.index()).toList());
    assertEquals(5, follower.engine().status().commit());
  }

  @Test
  @DisplayName("N2: a restart that finds the snapshot and the old log drops what does not belong")
  void aRestartFindsBoth() {
    RaftReplica follower = needing();
    follower.instantDisk(false);
    follower.rebase(OTHER_TERM);
    assertEquals(1, follower.waitingWrites(), "the truncation is a write like others");
    follower.sync();
    assertEquals(5, follower.last());
  }

  @Test
  @DisplayName(
      "R4: a previous entry that is in the snapshot counts as equal, and nothing is removed")
  void aPreviousEntryInTheSnapshotIsEqual() {
    RaftReplica follower = needing();
    follower.rebase(SAME_TERM);
    Stamp term = new Stamp(3, 0);
    List<Entry> entries = new ArrayList<>();
    for (long index = 4; index <= 8; index++) {
      Payload value = index < 8 ? Payload.EMPTY : Payload.of(new byte[] {8});
      entries.add(
          index <= 5 || index == 8
              ? new Entry(1, index, Entry.Kind.BATCH, term, value)
              : follower.entry(index));
    }
    follower.receive(EngineGroup.member(1), new Append(4, 2, 3, 9, entries, 5, 1));
    assertEquals(List.of(6L, 7L, 8L), follower.entries().stream().map(Entry::index).toList());
    assertEquals(5, follower.commit());
  }

  /** A follower of term 4 with entries 1 to 7, to which its leader says that it needs 5. */
  private static RaftReplica needing() {
    Group group = Group.quiet(3);
    RaftReplica follower = group.replica(3);
    follower.put(3, null, group.log(1, 1, 1, 3, 3, 3, 3));
    follower.instantDisk(true);
    follower.start();
    follower.receive(EngineGroup.member(1), new InstallSnapshot(4, 1, 5, 1));
    assertEquals(5, follower.wantedSnapshot());
    return follower;
  }

  @Test
  @DisplayName("N4: who has given up what another lacks says so, and goes on from there")
  void theLeaderSaysWhatItHasNoLonger() {
    Group group = Group.formed(3);
    RaftReplica leader = group.replica(1);
    group.isolate(3);
    for (int i = 0; i < 5; i++) {
      leader.propose("v" + i);
    }
    group.settle();
    Base base = new Base(leader.commit(), leader.stampAt(leader.commit()));
    leader.rebase(base);
    group.heal();
    group.run(Group.T / 2);
    RaftReplica follower = group.replica(3);
    assertEquals(base.index(), follower.wantedSnapshot());
    assertTrue(group.messages(Append.class, 1, 3).isEmpty());
    follower.rebase(base);
    group.run(Group.T / 2);
    leader.propose("more");
    group.run(Group.T / 2);
    assertEquals(leader.last(), follower.last());
    assertEquals(leader.commit(), follower.commit());
  }

  @Test
  @DisplayName("N8: a snapshot that contradicts what is committed is fatal")
  void aSnapshotThatContradictsWhatIsCommittedIsFatal() {
    Group group = Group.formed(3);
    RaftReplica follower = group.replica(3);
    group.replica(1).propose("a");
    group.run(Group.T / 2);
    long committed = follower.commit();
    assertEquals(group.replica(1).last(), committed);
    Base other = new Base(committed, new Stamp(99, 0));
    assertThrows(IllegalStateException.class, () -> follower.rebase(other));
  }

  @Test
  @DisplayName("R17: who has just what the leader has given up is served from there")
  void whoEndsWhereTheLogBeginsIsServed() {
    Group group = Group.formed(3);
    RaftReplica leader = group.replica(1);
    RaftReplica follower = group.replica(3);
    leader.propose("a");
    group.settle();
    assertEquals(leader.commit(), follower.last());
    leader.rebase(new Base(leader.commit(), leader.stampAt(leader.commit())));
    leader.propose("more");
    group.run(Group.T / 2);
    assertEquals(leader.last(), follower.last());
    assertEquals(0, follower.wantedSnapshot());
  }

  @Test
  @DisplayName("R7: what is in a snapshot is acknowledged only when the leader has spoken of it")
  void nothingIsAcknowledgedUnasked() {
    Group group = Group.quiet(3);
    RaftReplica follower = group.replica(3);
    follower.instantDisk(true);
    follower.receive(EngineGroup.member(1), new InstallSnapshot(4, 1, 9, 1));
    follower.rebase(new Base(9, new Stamp(4, 0)));
    assertEquals(
        0,
        group.messages(Appended.class, 3, 1).stream()
            .mapToLong(SnapshotTest::match)
            .max()
            .orElse(0));
    follower.receive(EngineGroup.member(1), new InstallSnapshot(4, 1, 9, 2));
    assertEquals(
        9,
        group.messages(Appended.class, 3, 1).stream()
            .mapToLong(SnapshotTest::match)
            .max()
            .orElse(0));
  }

  private static long match(RaftMessage message) {
    return ((Appended) message).match();
  }
}

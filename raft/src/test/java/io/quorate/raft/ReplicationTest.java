package io.quorate.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.raft.RaftMessage.Append;
import io.quorate.raft.RaftMessage.AppendRefused;
import io.quorate.raft.RaftMessage.Appended;
import io.quorate.spi.Engine;
import io.quorate.spi.Entry;
import io.quorate.spi.Payload;
import io.quorate.testkit.engine.EngineGroup;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Dissertation §3.5, §3.6.2, §10.2.1, and the replication of docs/scenarios.md (R rows). */
class ReplicationTest {
  @Test
  @DisplayName("§10.2.1: the leader's disk works beside the followers', and is one vote of three")
  void leaderDiskInParallel() {
    Group group = Group.formed(3);
    RaftReplica leader = group.replica(1);
    leader.instantDisk(false);
    long before = leader.commit();
    leader.propose("x");
    assertEquals(1, group.messages(Append.class, 1, 2).size(), "sent before it is durable here");
    group.settle();
    assertEquals(before + 1, leader.commit(), "two followers are a quorum");
    assertEquals(before, leader.engine().status().durable());

    Group other = Group.formed(3);
    other.replica(2).instantDisk(false);
    other.replica(3).instantDisk(false);
    other.replica(1).propose("x");
    other.settle();
    assertEquals(before, other.replica(1).commit(), "its own copy alone is none");
  }

  @Test
  @DisplayName("D3: a follower acknowledges entries when they are durable, once for all")
  void acknowledgedWhenDurable() {
    Group group = Group.formed(3);
    RaftReplica follower = group.replica(2);
    follower.instantDisk(false);
    for (int i = 0; i < 5; i++) {
      group.replica(1).propose("v" + i);
    }
    group.deliver(flight -> flight.to() == 2);
    assertTrue(group.messages(Appended.class, 2, 1).isEmpty());
    follower.sync();
    assertEquals(1, group.messages(Appended.class, 2, 1).size(), "one answer for one sync");
    Appended reply = (Appended) group.messages(Appended.class, 2, 1).get(0);
    assertEquals(follower.last(), reply.match());
  }

  @Test
  @DisplayName("a heartbeat is acknowledged at once, with what is durable")
  void heartbeats() {
    Group group = Group.formed(3);
    RaftReplica follower = group.replica(2);
    follower.instantDisk(false);
    long durable = follower.last();
    group.replica(1).propose("slow");
    group.deliver(flight -> flight.to() == 2);
    group.pass(100 * Group.MILLI);
    group.replica(1).tick();
    group.deliver(flight -> flight.to() == 2);
    Appended reply = (Appended) group.messages(Appended.class, 2, 1).get(0);
    assertEquals(durable, reply.match());
    assertEquals(durable + 1, reply.written());
  }

  @Test
  @DisplayName("R1: an entry of an old term on a quorum is committed by one of the own term only")
  void figure37() {
    Group group = new Group(5, 1);
    // Figure 3.7 (c): member 1 leads again, with an entry of term 2 on members 1, 2 and 3.
    group.replica(1).put(4, null, group.log(1, 1, 1, 2));
    group.replica(2).put(3, null, group.log(1, 1, 1, 2));
    group.replica(3).put(3, null, group.log(1, 1, 1, 2));
    group.replica(4).put(3, null, group.log(1, 1, 1));
    group.replica(5).put(3, null, group.log(1, 1, 1, 3));
    group.isolate(5);
    group.start();
    group.pass(2 * Group.T);
    group.replica(1).tick();
    stand(group, 1);
    RaftReplica leader = group.replica(1);
    leader.receive(Group.member(2), new Appended(leader.term(), 1, 4, 4, 0));
    leader.receive(Group.member(3), new Appended(leader.term(), 2, 4, 4, 0));
    assertEquals(0, leader.commit(), "term 2 is on three of five, and not committed");
    leader.receive(Group.member(2), new Appended(leader.term(), 1, 5, 5, 0));
    leader.sync();
    assertEquals(0, leader.commit());
    group.replica(2).receive(leader.self(), (Append) group.messages(Append.class, 1, 2).get(0));
    group.replica(3).receive(leader.self(), (Append) group.messages(Append.class, 1, 3).get(0));
    group.replica(2).sync();
    group.replica(3).sync();
    group.deliver(flight -> flight.to() == 1 && flight.message() instanceof Appended);
    assertEquals(5, leader.commit(), "with LEAD of term 5 it is");
  }

  private static void stand(Group group, int id) {
    RaftReplica replica = group.replica(id);
    group.deliver(flight -> flight.message() instanceof RaftMessage.PreVote);
    group.deliver(flight -> flight.message() instanceof RaftMessage.PreVoteReply);
    replica.sync();
    group.deliver(flight -> flight.message() instanceof RaftMessage.RequestVote);
    group.replicas().forEach(other -> other.sync());
    group.deliver(flight -> flight.message() instanceof RaftMessage.VoteReply);
    assertTrue(replica.leads());
  }

  @Test
  @DisplayName("R2: a late Append with less than the follower holds removes nothing")
  void lateAppend() {
    Group group = Group.formed(3);
    group.record();
    group.replica(1).propose("a");
    group.replica(1).propose("b");
    group.settle();
    RaftReplica follower = group.replica(2);
    List<Long> before = follower.terms();
    List.copyOf(group.history()).stream()
        .filter(flight -> flight.to() == 2)
        .forEach(flight -> follower.receive(flight.from(), flight.message()));
    assertEquals(before, follower.terms());
  }

  @Test
  @DisplayName("R6: an answer of another session is ignored")
  void sessions() {
    Group group = Group.formed(3);
    RaftReplica leader = group.replica(1);
    group.isolate(2);
    group.isolate(3);
    leader.propose("x");
    long before = leader.commit();
    group.flights().clear();
    leader.peerLost(2);
    leader.receive(
        Group.member(2), new Appended(leader.term(), 1, leader.last(), leader.last(), 0));
    assertEquals(before, leader.commit());
  }

  @Test
  @DisplayName("R8: what got lost in an idle group is found by a heartbeat")
  void lossIsFoundWhenIdle() {
    Group group = Group.formed(3);
    group.replica(1).propose("lost on the way");
    group.drop(flight -> flight.to() == 2);
    group.settle();
    assertEquals(group.replica(1).last() - 1, group.replica(2).last());
    group.run(110 * Group.MILLI);
    assertEquals(group.replica(1).last(), group.replica(2).last());
  }

  @Test
  @DisplayName("R8: a follower that restarts with a shorter log is brought up by a heartbeat")
  void restartedFollower() {
    Group group = Group.formed(3);
    RaftReplica follower = group.replica(3);
    follower.instantDisk(false);
    for (int i = 0; i < 10; i++) {
      group.replica(1).propose("v" + i);
      group.settle();
    }
    follower.crash(3);
    follower.restart();
    follower.instantDisk(true);
    group.run(300 * Group.MILLI);
    assertEquals(group.replica(1).terms(), follower.terms());
    assertEquals(group.replica(1).commit(), follower.commit());
  }

  @Test
  @DisplayName("R10: entries always start right behind prev, also those read from disk")
  void fetchedEntries() {
    Group group = Group.formed(3);
    group.isolate(3);
    for (int i = 0; i < 20; i++) {
      group.replica(1).propose("v" + i);
    }
    group.settle();
    group.replica(1).keepResident(4);
    group.heal();
    group.record();
    group.run(Group.T);
    assertEquals(group.replica(1).terms(), group.replica(3).terms());
    group.history().stream()
        .map(EngineGroup.Flight::message)
        .filter(Append.class::isInstance)
        .map(Append.class::cast)
        .filter(append -> !append.entries().isEmpty())
        .forEach(append -> assertEquals(append.prevIndex() + 1, append.entries().get(0).index()));
  }

  @Test
  @DisplayName(
      "a leader wants in memory what the slowest follower lacks, unless that is gone already")
  void wantedEntries() {
    Group group = Group.formed(3);
    RaftReplica leader = group.replica(1);
    assertEquals(Engine.NOTHING, leader.engine().wanted());
    group.isolate(3);
    long first = leader.last() + 1;
    for (int i = 0; i < 20; i++) {
      leader.propose("v" + i);
    }
    group.settle();
    assertEquals(first, leader.engine().wanted());
    assertEquals(Engine.NOTHING, group.replica(2).engine().wanted());
    leader.keepResident(4);
    assertEquals(Engine.NOTHING, leader.engine().wanted(), "it is read from disk");
    group.heal();
    group.run(Group.T);
    assertEquals(Engine.NOTHING, leader.engine().wanted());
  }

  @Test
  @DisplayName("R12: the ticket of a truncated entry does not acknowledge what replaced it")
  void aba() {
    Group group = new Group(3, 1);
    group.replicas().forEach(replica -> replica.put(1, null, group.log(1, 1, 1)));
    group.start();
    RaftReplica follower = group.replica(2);
    List<Entry> old = group.log(1, 1, 1, 1, 1).subList(3, 5);
    List<Entry> fresh = group.log(1, 1, 1, 3, 3).subList(3, 5);
    follower.receive(Group.member(1), new Append(1, 1, 3, 1, old, 0, 0));
    follower.receive(Group.member(3), new Append(3, 1, 3, 1, fresh, 0, 0));
    group.flights().clear();
    follower.sync(2);
    assertTrue(group.messages(Appended.class, 2, 1).isEmpty());
    assertTrue(group.messages(Appended.class, 2, 3).isEmpty());
    follower.sync();
    Appended reply = (Appended) group.messages(Appended.class, 2, 3).get(0);
    assertEquals(5, reply.match());
  }

  @Test
  @DisplayName("R14, R18: thousands of conflicting entries cost a handful of probes")
  void fastBacktracking() {
    Group group = new Group(3, 1);
    long[] theirs = new long[3000];
    long[] ours = new long[3000];
    for (int i = 0; i < theirs.length; i++) {
      ours[i] = i < 100 ? 1 : 9;
      theirs[i] = i < 100 ? 1 : 2 + i / 1000;
    }
    group.replica(1).put(9, null, group.log(ours));
    group.replica(2).put(9, null, group.log(ours));
    group.replica(3).put(9, null, group.log(theirs));
    group.replicas().forEach(replica -> replica.instantDisk(true));
    group.start();
    group.record();
    group.elect(1);
    assertEquals(group.replica(1).terms(), group.replica(3).terms());
    long refusals =
        group.history().stream().filter(f -> f.message() instanceof AppendRefused).count();
    assertTrue(refusals <= 5, "refusals: " + refusals);
  }

  @Test
  @DisplayName("R19: the logs of Figure 3.6 (Figure 7 of the paper) all converge")
  void figure36() {
    Group group = new Group(7, 1);
    group.replica(1).put(7, null, group.log(1, 1, 1, 4, 4, 5, 5, 6, 6, 6));
    group.replica(2).put(7, null, group.log(1, 1, 1, 4, 4, 5, 5, 6, 6));
    group.replica(3).put(7, null, group.log(1, 1, 1, 4));
    group.replica(4).put(7, null, group.log(1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6));
    group.replica(5).put(7, null, group.log(1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7));
    group.replica(6).put(7, null, group.log(1, 1, 1, 4, 4, 4, 4));
    group.replica(7).put(7, null, group.log(1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3));
    group.replicas().forEach(replica -> replica.instantDisk(true));
    group.start();
    group.isolate(4);
    group.isolate(5);
    group.elect(1);
    group.heal();
    group.run(Group.T);
    for (RaftReplica replica : group.replicas()) {
      assertEquals(group.replica(1).terms(), replica.terms());
      assertEquals(11, replica.commit());
    }
  }

  @Test
  @DisplayName("R16: a deposed leader loses what it never committed, and answers its reads")
  void deposedLeader() {
    Group group = Group.formed(3);
    RaftReplica old = group.replica(1);
    group.isolate(1);
    old.propose("x=1");
    group.read(old, 7);
    group.flights().clear();
    group.run(4 * Group.T);
    assertTrue(old.unreadable().contains(7L));
    RaftReplica next = group.leader();
    assertFalse(next == old);
    next.propose("x=2");
    group.heal();
    group.run(Group.T);
    group.replicas().forEach(replica -> assertEquals(List.of("x=2"), replica.applied()));
  }

  @Test
  @DisplayName("R3: commit follows what is proven, not what the leader says")
  void commitIsCapped() {
    Group group = new Group(3, 1);
    List<Entry> leaders = group.log(1, 1, 1, 2, 2);
    group.replica(1).put(2, null, leaders);
    group.replica(3).put(2, null, leaders);
    group.replica(2).put(2, null, group.log(1, 1, 1, 1, 1));
    group.start();
    RaftReplica follower = group.replica(2);
    follower.receive(Group.member(1), new Append(2, 1, 3, 1, List.of(), 5, 0));
    assertEquals(3, follower.commit(), "entries 4 and 5 here are not those of the leader");
    assertEquals(List.of(1L, 1L, 1L, 1L, 1L), follower.terms(), "R2: and not removed on a guess");
  }

  @Test
  @DisplayName("R21: after stepping down nothing is sent in the name of the old term")
  void nothingAfterSteppingDown() {
    Group group = Group.formed(3);
    RaftReplica leader = group.replica(1);
    long term = leader.term();
    leader.receive(Group.member(2), new AppendRefused(term + 1, 1, 0, 0, 0, 0, 0));
    group.flights().clear();
    leader.receive(Group.member(3), new Appended(term, 2, 1, 1, 0));
    leader.receive(Group.member(3), new Appended(term + 1, 2, 1, 1, 0));
    leader.sync();
    group.pass(Group.T / 2);
    leader.tick();
    assertTrue(group.messages(Append.class, 1, 2).isEmpty());
    assertTrue(group.messages(Append.class, 1, 3).isEmpty());
  }

  @Test
  @DisplayName("windows: messages and bytes in flight are bounded, and acks open them again")
  void windows() {
    Group group = Group.formed(3);
    RaftReplica leader = group.replica(1);
    for (int i = 0; i < 600; i++) {
      leader.propose("v" + i);
    }
    assertEquals(Progress.WINDOW_MESSAGES, group.messages(Append.class, 1, 2).size());
    group.settle();
    assertEquals(leader.terms(), group.replica(2).terms());
    byte[] large = new byte[1 << 20];
    for (int i = 0; i < 40; i++) {
      leader.engine().propose(group.now(), Payload.of(large.clone()), leader);
    }
    leader.sync();
    assertEquals(16, group.messages(Append.class, 1, 2).size());
    group.settle();
    assertEquals(leader.terms(), group.replica(2).terms());
    assertEquals(leader.last(), leader.commit());
  }

  @Test
  @DisplayName("a slow disk is not taken for a loss: nothing is sent twice")
  void slowDisk() {
    Group group = Group.formed(3);
    group.replica(2).instantDisk(false);
    group.record();
    group.replica(1).propose("x");
    group.settle();
    for (int i = 0; i < 20; i++) {
      group.pass(100 * Group.MILLI);
      group.replica(1).tick();
      group.settle();
    }
    long sent =
        group.history().stream()
            .filter(f -> f.to() == 2 && f.message() instanceof Append a && !a.entries().isEmpty())
            .count();
    assertEquals(1, sent);
  }

  @Test
  @DisplayName("a broken connection to a follower starts a new session, at what it acknowledged")
  void connectionToAFollower() {
    Group group = Group.formed(3);
    group.replica(1).propose("lost");
    group.drop(flight -> flight.to() == 2);
    group.replica(1).peerLost(2);
    group.replica(1).propose("held back");
    assertEquals(
        0,
        group.messages(Append.class, 1, 2).stream()
            .filter(m -> ((Append) m).entries().size() > 2)
            .count());
    group.run(300 * Group.MILLI);
    assertEquals(group.replica(1).terms(), group.replica(2).terms());
  }
}

package io.quorate.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.raft.RaftMessage.Answer;
import io.quorate.raft.RaftMessage.Append;
import io.quorate.raft.RaftMessage.AppendRefused;
import io.quorate.raft.RaftMessage.Appended;
import io.quorate.raft.RaftMessage.Copy;
import io.quorate.raft.RaftMessage.CopyRequest;
import io.quorate.raft.RaftMessage.PreVote;
import io.quorate.raft.RaftMessage.PreVoteReply;
import io.quorate.raft.RaftMessage.RequestVote;
import io.quorate.raft.RaftMessage.VoteReply;
import io.quorate.spi.Entry;
import io.quorate.spi.Payload;
import io.quorate.spi.Stamp;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Entries whose values are damaged on disk: what a replica may still say, and how it mends. */
class DamageTest {
  /** A formed group of three that member 1 leads, with so many entries; all are equal. */
  private static Group formed(int proposals) {
    Group group = Group.formed(3);
    for (int i = 0; i < proposals; i++) {
      group.leader().propose("v" + i);
    }
    group.run(Group.T / 2);
    return group;
  }

  /** Its process ends, and begins anew with these entries damaged. */
  private static RaftReplica restart(Group group, int id, long... damaged) {
    RaftReplica replica = group.replica(id);
    replica.crash(0);
    for (long index : damaged) {
      replica.spoil(index);
    }
    replica.restart();
    return replica;
  }

  private static void loseCopies(Group group) {
    group.drop(flight -> flight.message() instanceof CopyRequest);
  }

  @Test
  @DisplayName("D8: nothing is acknowledged from a damaged entry on, however much is intact above")
  void nothingAboveIsAcknowledged() {
    Group group = formed(6);
    RaftReplica damaged = restart(group, 3, 5);
    group.leader().propose("new");
    group.record();
    for (int i = 0; i < 20; i++) {
      loseCopies(group);
      group.pass(Group.T / 10);
      group.replicas().forEach(RaftReplica::tick);
      loseCopies(group);
      group.settle();
    }
    List<Long> matches =
        group.history().stream()
            .filter(flight -> flight.from().id() == 3)
            .map(flight -> flight.message())
            .filter(Appended.class::isInstance)
            .map(message -> ((Appended) message).match())
            .distinct()
            .toList();
    assertEquals(List.of(4L), matches);
    assertEquals(group.leader().last(), damaged.last(), "it is brought up all the same");
    assertEquals(4, damaged.commit(), "it applies nothing that it cannot read");
    group.run(Group.T);
    assertEquals(group.leader().commit(), damaged.commit());
    assertTrue(damaged.holdsDurably(group.leader().entry(5)));
  }

  @Test
  @DisplayName("D8: a vote compares the last entry, damaged or not")
  void votesCompareWhatWasHeld() {
    Group group = Group.quiet(3);
    RaftReplica voter = restart(group, 3, 4);
    voter.receive(Group.member(2), new RequestVote(4, 3, 1));
    voter.sync();
    VoteReply refused = (VoteReply) group.messages(VoteReply.class, 3, 2).get(0);
    assertEquals(Answer.LOG_OLDER, refused.answer());
    voter.receive(Group.member(1), new RequestVote(5, 4, 3));
    voter.sync();
    VoteReply granted = (VoteReply) group.messages(VoteReply.class, 3, 1).get(0);
    assertEquals(Answer.GRANTED, granted.answer());
  }

  @Test
  @DisplayName("D8: who has a damaged entry does not stand for election")
  void whoHasDamageDoesNotStand() {
    Group group = Group.quiet(3);
    RaftReplica damaged = restart(group, 3, 2);
    group.record();
    for (int i = 0; i < 50; i++) {
      group.pass(Group.T);
      damaged.tick();
      assertEquals("follower", damaged.engine().status().role());
    }
    assertTrue(
        group.history().stream().allMatch(flight -> flight.message() instanceof CopyRequest));
    damaged.receive(Group.member(2), new Copy(3, group.replica(2).entry(2)));
    group.pass(2 * Group.T);
    damaged.tick();
    assertEquals("candidate", damaged.engine().status().role());
  }

  @Test
  @DisplayName("D8: only an entry of the same index and term takes the place of a damaged one")
  void onlyTheSameEntryRefills() {
    Group group = Group.quiet(3);
    RaftReplica damaged = restart(group, 3, 3);
    Entry other =
        new Entry(1, 3, Entry.Kind.BATCH, new Stamp(2, 0), Payload.of(new byte[] {1, 2, 3}));
    damaged.receive(Group.member(2), new Copy(3, other));
    damaged.receive(Group.member(2), new Copy(3, group.replica(2).entry(2)));
    assertTrue(damaged.isFaulty(3));
    damaged.receive(Group.member(2), new Copy(3, group.replica(2).entry(3)));
    assertFalse(damaged.isFaulty(3));
    assertFalse(damaged.holdsDurably(group.replica(2).entry(3)));
    damaged.sync();
    assertTrue(damaged.holdsDurably(group.replica(2).entry(3)));
  }

  @Test
  @DisplayName("D8: any peer gives a copy, without a leader, from memory or from its disk")
  void anyPeerGivesACopy() {
    for (long resident : new long[] {0, 100}) {
      Group group = Group.quiet(3);
      group.replicas().forEach(replica -> replica.keepResident(resident));
      RaftReplica damaged = restart(group, 3, 1, 2, 4);
      long term = damaged.term();
      for (int i = 0; i < 4 && damaged.firstFaulty() <= 4; i++) {
        group.settle();
        group.pass(Group.T / 10);
        damaged.tick();
      }
      group.settle();
      damaged.sync();
      assertEquals(group.replica(1).entries(), damaged.entries());
      assertEquals(Long.MAX_VALUE, damaged.firstFaulty());
      assertEquals(term, damaged.term());
      group.elect(3);
      group.settle();
    }
  }

  @Test
  @DisplayName("D8: replicas with different damage mend each other, and then elect")
  void allAreDamaged() {
    Group group = Group.quiet(3);
    restart(group, 1, 2);
    restart(group, 2, 3);
    restart(group, 3, 4, 1);
    group.run(6 * Group.T);
    group.leader().propose("goes on");
    group.run(Group.T);
    group.replicas().forEach(replica -> assertTrue(replica.applied().contains("goes on")));
  }

  @Test
  @DisplayName("D8: the leader's append from below refills too; one that conflicts removes")
  void theLeadersAppendRefills() {
    Group group = Group.quiet(3);
    RaftReplica damaged = restart(group, 3, 3);
    List<Entry> log = group.log(1, 1, 1, 3);
    damaged.receive(Group.member(1), new Append(4, 1, 2, 1, log.subList(2, 4), 0, 0));
    damaged.sync();
    assertFalse(damaged.isFaulty(3));
    assertTrue(damaged.holdsDurably(log.get(2)));

    RaftReplica other = restart(group, 2, 4);
    List<Entry> longer = group.log(1, 1, 1, 2, 2);
    other.receive(Group.member(1), new Append(4, 1, 3, 1, longer.subList(3, 5), 0, 0));
    other.sync();
    assertEquals(longer, other.entries());
    assertEquals(Long.MAX_VALUE, other.firstFaulty());
  }

  @Test
  @DisplayName("D8: a copy counts once it is durable, not before")
  void aCopyCountsWhenItIsDurable() {
    Group group = formed(3);
    RaftReplica damaged = restart(group, 3, 4);
    damaged.instantDisk(false);
    damaged.receive(Group.member(2), new Copy(1, group.replica(2).entry(4)));
    group.drop(flight -> true);
    group.pass(Group.T / 10);
    group.leader().tick();
    group.deliver(Append.class);
    damaged.sync(damaged.waitingWrites() - 1);
    group.messages(Appended.class, 3, 1).forEach(m -> assertEquals(3, ((Appended) m).match()));
    assertFalse(group.messages(Appended.class, 3, 1).isEmpty());
    damaged.sync();
    List<RaftMessage> answers = group.messages(Appended.class, 3, 1);
    assertEquals(damaged.last(), ((Appended) answers.get(answers.size() - 1)).match());
  }

  @Test
  @DisplayName("D8: status says which entry is damaged, and who is asked for it")
  void itIsSaid() {
    Group group = Group.quiet(3);
    RaftReplica damaged = restart(group, 3, 2);
    String finding = damaged.engine().status().findings().get(0);
    assertTrue(
        finding.startsWith("entry 2 is damaged on this replica: it waits for a copy from member "),
        finding);
  }

  @Test
  @DisplayName("D10: a leader that finds an old entry damaged goes on, and gets it from a peer")
  void aLeaderMendsItself() {
    Group group = Group.formed(3);
    RaftReplica leader = group.leader();
    leader.keepResident(2);
    group.isolate(3);
    for (int i = 0; i < 10; i++) {
      leader.propose("v" + i);
      group.settle();
    }
    leader.spoil(6);
    group.heal();
    group.pass(Group.T / 10);
    leader.tick();
    group.deliver(Append.class);
    group.deliver(AppendRefused.class);
    while (leader.isFetching()) {
      leader.answerFetch();
    }
    assertTrue(leader.isFaulty(6), "found out by reading for the one that was away");
    assertTrue(leader.leads());
    loseCopies(group);
    leader.propose("meanwhile");
    group.deliver(flight -> flight.to() == 2 && flight.message() instanceof Append);
    loseCopies(group);
    group.run(2 * Group.T);
    assertTrue(leader.leads());
    assertFalse(leader.isFaulty(6));
    assertTrue(leader.applied().contains("meanwhile"));
    assertEquals(leader.entries(), group.replica(3).entries());
  }

  @Test
  @DisplayName("D10: a damaged copy of the leader's own does not count for what it commits")
  void aLeadersDamagedCopyDoesNotCount() {
    Group group = Group.formed(3);
    RaftReplica leader = group.leader();
    leader.keepResident(1);
    group.isolate(2);
    for (int i = 0; i < 5; i++) {
      leader.propose("v" + i);
      group.settle();
    }
    long before = leader.commit();
    leader.spoil(5);
    group.heal();
    group.pass(Group.T / 10);
    leader.tick();
    group.deliver(Append.class);
    group.deliver(AppendRefused.class);
    while (leader.isFetching()) {
      leader.answerFetch();
    }
    assertTrue(leader.isFaulty(5));
    group.isolate(2); // It lacks the entry; the third alone has it.
    leader.propose("one copy");
    group.deliver(flight -> flight.message() instanceof Append);
    group.deliver(flight -> flight.message() instanceof Appended);
    assertEquals(before, leader.commit());
    group.run(Group.T / 2);
    assertEquals(leader.last(), leader.commit(), "the third has given it back");
  }

  // D9

  /** Its process ends, and begins anew without its saved record. */
  private static RaftReplica forgets(Group group, int id) {
    RaftReplica replica = group.replica(id);
    replica.crash(0);
    replica.loseRecord();
    replica.restart();
    return replica;
  }

  @Test
  @DisplayName("D9: who has lost its record refuses votes and pre-votes, and does not stand")
  void whoHasLostItsRecordDoesNotVote() {
    Group group = Group.quiet(3);
    RaftReplica silent = forgets(group, 3);
    silent.instantDisk(true);
    silent.receive(Group.member(1), new PreVote(3, 77, 9, 9));
    silent.receive(Group.member(1), new RequestVote(9, 9, 9));
    PreVoteReply preVote = (PreVoteReply) group.messages(PreVoteReply.class, 3, 1).get(0);
    VoteReply vote = (VoteReply) group.messages(VoteReply.class, 3, 1).get(0);
    assertEquals(Answer.RECORD_LOST, preVote.answer());
    assertEquals(Answer.RECORD_LOST, vote.answer());
    for (int i = 0; i < 50; i++) {
      group.pass(Group.T);
      silent.tick();
      assertEquals("follower", silent.engine().status().role());
    }
    silent.receive(Group.member(1), new Append(9, 1, 99, 9, List.of(), 0, 7));
    assertEquals(9, silent.term());
    AppendRefused refused = (AppendRefused) group.messages(AppendRefused.class, 3, 1).get(0);
    assertEquals(0, refused.round(), "nor does it confirm who leads");
    assertEquals(0, silent.savedDurably().length, "a record would look as if none had been lost");
  }

  @Test
  @DisplayName("D9: it is brought up, acknowledges nothing, and returns with its vote spent")
  void itReturnsOnceOthersHaveCommitted() {
    Group group = formed(3);
    RaftReplica silent = forgets(group, 3);
    group.record();
    group.isolate(2);
    group.leader().propose("not without the other");
    group.read(group.leader(), 5);
    group.run(Group.T / 2);
    assertFalse(group.leader().readable().containsKey(5L), "nor does it confirm who leads");
    assertEquals(0, group.replica(3).savedDurably().length);
    assertTrue(
        group.history().stream()
            .filter(flight -> flight.from().id() == 3)
            .allMatch(flight -> isNoTestimony(flight.message())));
    assertEquals(group.leader().last(), silent.last());
    assertFalse(group.leader().applied().contains("not without the other"));
    group.heal();
    group.run(Group.T);
    assertEquals(
        new RaftRecord(group.leader().term(), group.leader().self()), silent.durableRecord());
    group.isolate(2);
    group.leader().propose("with it");
    group.run(Group.T / 2);
    assertTrue(silent.applied().contains("with it"));
  }

  private static boolean isNoTestimony(RaftMessage message) {
    return message instanceof RaftMessage.Rejoin
        || message instanceof RaftMessage.Attended
        || (message instanceof AppendRefused refused && refused.round() == 0);
  }

  @Test
  @DisplayName("D9: a lost vote for a candidate of a higher term cannot undo what it acknowledges")
  void theCounterExample() {
    Group group = formed(1);
    RaftReplica leader = group.replica(1);
    RaftReplica voter = group.replica(2);
    RaftReplica candidate = group.replica(3);
    group.isolate(1);
    long timeout = 3 * Group.T;
    group.pass(timeout);
    candidate.tick();
    group.deliver(PreVote.class);
    group.deliver(PreVoteReply.class);
    group.deliver(RequestVote.class); // The vote is durable, and its grant on the way.
    assertEquals(candidate.self(), voter.durableRecord().votedFor());
    List<RaftMessage> grants = group.messages(VoteReply.class, 2, 3);
    group.drop(flight -> true);
    forgets(group, 2);
    group.isolate(3);
    group.heal();
    group.isolate(3);
    leader.propose("of the old term");
    group.settle();
    group.pass(Group.T / 10);
    leader.tick();
    group.settle();
    assertFalse(leader.applied().contains("of the old term"), "nobody but itself has it");
    group.heal();
    candidate.receive(voter.self(), grants.get(0));
    group.run(3 * Group.T);
    group.leader().propose("goes on");
    group.run(Group.T);
    group.replicas().forEach(replica -> assertTrue(replica.applied().contains("goes on")));
  }

  @Test
  @DisplayName(
      "D9: what was proposed before its restart proves nothing, though it is committed later")
  void whatWasProposedBeforeProvesNothing() {
    Group group = formed(1);
    group.isolate(2);
    group.leader().propose("on two disks");
    group.settle();
    RaftReplica silent = forgets(group, 3);
    group.heal();
    group.leader().propose("later");
    group.deliver(flight -> !(flight.message() instanceof RaftMessage.Rejoined));
    for (int i = 0; i < 30; i++) {
      group.drop(flight -> flight.message() instanceof RaftMessage.Rejoined);
      group.pass(Group.T / 50);
      group.replicas().forEach(RaftReplica::tick);
      group.deliver(flight -> !(flight.message() instanceof RaftMessage.Rejoined));
    }
    assertEquals(group.leader().commit(), silent.commit());
    assertEquals(0, silent.savedDurably().length, "it was not told what came after its restart");
    group.run(Group.T);
    assertTrue(silent.savedDurably().length > 0);
  }

  @Test
  @DisplayName("D9: it stays silent in its next life too, and says so")
  void itStaysSilent() {
    Group group = formed(1);
    forgets(group, 3);
    group.isolate(2);
    group.run(Group.T / 2);
    RaftReplica silent = group.replica(3);
    silent.crash(silent.waitingWrites());
    silent.restart();
    group.run(Group.T / 2);
    String findings = silent.engine().status().findings().toString();
    assertTrue(findings.contains("the record of this replica's votes is damaged: "), findings);
    assertTrue(findings.contains("until the others have committed entry "), findings);
  }

  @Test
  @DisplayName("D9: it is brought up from far behind, by more than a window holds")
  void itIsBroughtUpFromFarBehind() {
    Group group = formed(1);
    RaftReplica silent = group.replica(3);
    silent.crash(0);
    for (int i = 0; i < 40; i++) {
      group.leader().propose(Payload.of(new byte[600 << 10]));
      group.settle();
    }
    silent.loseRecord();
    silent.restart();
    group.run(Group.T);
    assertEquals(group.leader().commit(), silent.commit());
    assertTrue(silent.savedDurably().length > 0);
  }

  @Test
  @DisplayName(
      "D9: a record below its log was lost in the life before; there again, it is still lost")
  void aRecordThatIsThereAgain() {
    Group group = new Group(3, 7);
    group.replicas().forEach(replica -> replica.put(3, null, group.log(1, 1, 1, 3)));
    RaftReplica silent = group.replica(3);
    silent.put(2, Group.member(2), group.log(1, 1, 1, 3));
    group.start();
    silent.receive(Group.member(1), new RequestVote(9, 9, 9));
    VoteReply vote = (VoteReply) group.messages(VoteReply.class, 3, 1).get(0);
    assertEquals(Answer.RECORD_LOST, vote.answer());
    group.replicas().forEach(replica -> replica.instantDisk(true));
    group.elect(1);
    group.run(Group.T);
    assertEquals(group.leader().self(), silent.durableRecord().votedFor());
  }

  @Test
  @DisplayName("D9: in a group that is not formed it founds nothing")
  void itFoundsNothing() {
    Group group = Group.started(3);
    group.replica(3).crash(0);
    group.replica(3).put(RaftCodec.encodeRecord(new RaftRecord(2, null)), List.of());
    group.replica(3).loseRecord();
    group.replica(3).restart();
    group.run(5 * Group.T);
    assertFalse(group.isOpen());
    assertEquals(0, group.committed());
  }
}

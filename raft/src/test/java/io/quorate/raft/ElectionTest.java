package io.quorate.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.raft.RaftMessage.Answer;
import io.quorate.raft.RaftMessage.Append;
import io.quorate.raft.RaftMessage.AppendRefused;
import io.quorate.raft.RaftMessage.PreVote;
import io.quorate.raft.RaftMessage.PreVoteReply;
import io.quorate.raft.RaftMessage.RequestVote;
import io.quorate.raft.RaftMessage.VoteReply;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Dissertation §3.4, §4.2.3, §6.2, §9.6, and the elections of docs/scenarios.md (E rows). */
class ElectionTest {
  @Test
  @DisplayName("E5: a pre-vote reply of another round does not count")
  void preVoteRounds() {
    Group group = Group.quiet(3);
    group.expire(1);
    PreVote first = (PreVote) group.messages(PreVote.class, 1, 2).get(0);
    group.expire(1);
    RaftReplica candidate = group.replica(1);
    candidate.receive(Group.member(2), new PreVoteReply(3, first.round(), Answer.GRANTED));
    candidate.sync();
    assertEquals(3, candidate.term());
    candidate.receive(Group.member(2), new VoteReply(3, 4, Answer.VOTE_SPENT));
    assertEquals("candidate", candidate.engine().status().role());
  }

  @Test
  @DisplayName("E6: a quorum of pre-candidates, each with a stale leader before, elects")
  void preCandidatesElect() {
    Group group = Group.formed(3);
    group.isolate(1);
    group.pass(2 * Group.T);
    group.replica(2).tick();
    group.replica(3).tick();
    assertEquals(0, group.replica(2).leader());
    assertEquals(0, group.replica(3).leader());
    assertTrue(
        group.runUntil(
            () -> group.replica(2).leads() || group.replica(3).leads(), group.now() + Group.T));
  }

  @Test
  @DisplayName("E7: a long log of a low term learns the high term of short logs, and wins")
  void refusalsSpreadTheTerm() {
    Group group = new Group(5, 7);
    group.replica(1).put(3, null, group.log(1, 1, 1, 3, 3, 3));
    group.replica(2).put(3, null, group.log(1, 1, 1, 3, 3, 3));
    group.replica(3).put(9, null, group.log(1, 1, 1));
    group.replica(4).put(9, null, group.log(1, 1, 1));
    group.start();
    group.replica(5).crash(0);
    boolean led = group.runUntil(group::isOpen, 4 * Group.T);
    assertTrue(led);
    assertTrue(group.leader().term() > 9);
    assertTrue(group.leader().self().id() <= 2);
  }

  @Test
  @DisplayName("E8: a late pre-vote quorum does not disturb a leader")
  void latePreVotes() {
    Group group = Group.quiet(5);
    group.expire(1);
    List<RaftMessage> asked = group.messages(PreVote.class, 1, 5);
    group.runUntil(() -> group.replica(1).leads(), group.now() + Group.T);
    long term = group.replica(1).term();
    long round = ((PreVote) asked.get(0)).round();
    for (int id = 2; id <= 5; id++) {
      group.replica(1).receive(Group.member(id), new PreVoteReply(3, round, Answer.GRANTED));
      group.replica(1).receive(Group.member(id), new VoteReply(term, term, Answer.GRANTED));
    }
    assertTrue(group.replica(1).leads());
    assertEquals(term, group.replica(1).term());
  }

  @Test
  @DisplayName("E9: granting a pre-vote is no contact with a leader")
  void grantingIsNoContact() {
    Group group = Group.quiet(3);
    RaftReplica voter = group.replica(2);
    voter.receive(Group.member(1), new PreVote(3, 1, 4, 3));
    voter.receive(Group.member(3), new PreVote(3, 2, 4, 3));
    PreVoteReply second = (PreVoteReply) group.messages(PreVoteReply.class, 2, 3).get(0);
    assertEquals(Answer.GRANTED, second.answer());
    assertEquals(0, voter.leader());
  }

  @Test
  @DisplayName("E9: who led a moment ago and asks for votes leads no more, and gets them")
  void theLeaderItselfMayAsk() {
    Group group = Group.formed(3);
    RaftReplica voter = group.replica(2);
    PreVote asked = new PreVote(voter.term(), 7, voter.last(), voter.term());
    voter.receive(Group.member(3), asked);
    voter.receive(Group.member(1), asked);
    voter.receive(Group.member(1), new RequestVote(voter.term() + 1, voter.last(), voter.term()));
    assertEquals(
        List.of(Answer.LEADER_HEARD, Answer.GRANTED, Answer.GRANTED),
        group.flights().stream().map(flight -> answer(flight.message())).toList());
  }

  private static Answer answer(RaftMessage reply) {
    return reply instanceof PreVoteReply early ? early.answer() : ((VoteReply) reply).answer();
  }

  @Test
  @DisplayName("E10: the longest log wins, not the first that is long enough for one")
  void longestWins() {
    Group group = new Group(5, 7);
    group.replica(1).put(3, null, group.log(1, 1, 3));
    group.replica(2).put(3, null, group.log(1, 1));
    for (int id = 3; id <= 5; id++) {
      group.replica(id).put(3, null, group.log(1, 1, 3, 3));
    }
    group.start();
    group.expire(1);
    group.settle();
    assertFalse(group.replica(1).leads());
    assertEquals(3, group.replica(1).term(), "a pre-vote that fails raises no term");
    assertTrue(
        group.runUntil(
            () -> group.replicas().stream().anyMatch(RaftReplica::leads),
            group.now() + 4 * Group.T));
    assertTrue(group.leader().self().id() >= 3);
  }

  @Test
  @DisplayName("E15: a bridge that hears the old leader does not block the others for long")
  void bridge() {
    Group group = Group.formed(5);
    long end = group.now() + 6 * Group.T;
    // Member 1, the leader, reaches member 2 alone; member 2 reaches everybody.
    boolean led = false;
    while (!led && group.now() < end) {
      long next = group.now() + Group.T / 20;
      for (RaftReplica replica : group.replicas()) {
        replica.tick();
      }
      while (!group.flights().isEmpty()) {
        group.drop(
            flight ->
                (flight.from().id() == 1 && flight.to() != 2)
                    || (flight.to() == 1 && flight.from().id() != 2));
        if (!group.flights().isEmpty()) {
          group.deliver(group.flights().remove(0));
        }
      }
      group.pass(next - group.now());
      led =
          group.replicas().stream()
              .anyMatch(replica -> replica.self().id() != 1 && replica.leads());
    }
    assertTrue(led);
  }

  @Test
  @DisplayName("E20: a restarted leader that was deposed disturbs nobody")
  void restartedLeaderIsQuiet() {
    Group group = Group.formed(3);
    group.replica(1).crash(0);
    group.run(3 * Group.T);
    RaftReplica next = group.leader();
    long term = next.term();
    group.replica(1).restart();
    group.replica(1).instantDisk(true);
    group.run(5 * Group.T);
    assertTrue(next.leads());
    assertEquals(term, next.term());
  }

  @Test
  @DisplayName("E20: a leader whose first entry waits for its disk is heard all the same")
  void aStalledFirstEntryDelaysNoHeartbeat() {
    Group group = Group.formed(3);
    group.replicas().forEach(replica -> replica.instantDisk(replica.self().id() != 2));
    group.replica(1).crash(0);
    RaftReplica next = group.standing(2);
    next.sync();
    group.settle();
    assertTrue(next.leads());
    long term = next.term();
    for (int i = 0; i < 100; i++) {
      group.pass(50 * Group.MILLI);
      next.tick();
      group.replica(3).tick();
      group.settle();
    }
    assertTrue(next.leads());
    assertEquals(term, group.replica(3).term());
    assertTrue(next.waitingWrites() > 0, "the disk is still writing");
  }

  @Test
  @DisplayName("R20: an Append of another leader in the own leading term halts the replica")
  void twoLeadersHalt() {
    Group group = Group.formed(3);
    RaftReplica leader = group.leader();
    assertThrows(
        IllegalStateException.class,
        () -> leader.receive(Group.member(2), new Append(leader.term(), 1, 0, 0, List.of(), 0, 0)));
    RaftReplica follower = group.replica(3);
    assertThrows(
        IllegalStateException.class,
        () ->
            follower.receive(Group.member(2), new Append(leader.term(), 1, 0, 0, List.of(), 0, 0)));
  }

  @Test
  @DisplayName("§6.2: a leader that hears no quorum for an election timeout resigns, exactly then")
  void checkQuorum() {
    Group group = Group.formed(3);
    RaftReplica leader = group.leader();
    group.run(Group.T);
    group.isolate(1);
    long cut = group.now();
    group.runUntil(() -> !leader.leads(), group.now() + 2 * Group.T);
    assertFalse(leader.leads());
    assertEquals(0, leader.leader());
    assertTrue(group.now() - cut <= Group.T);
    assertTrue(group.now() - cut >= Group.T - 101 * Group.MILLI);
  }

  @Test
  @DisplayName("§4.2.3: nobody votes while the leader is heard, whatever the term")
  void stickiness() {
    Group group = Group.formed(3);
    long term = group.leader().term();
    group.replica(2).receive(Group.member(3), new RequestVote(term + 5, 99, term));
    assertEquals(term, group.replica(2).term());
    group.leader().receive(Group.member(3), new RequestVote(term + 5, 99, term));
    assertTrue(group.leader().leads());
  }

  @Test
  @DisplayName("a leader whose Append meets a higher term steps down (Figure 3.1)")
  void higherTermDeposes() {
    Group group = Group.formed(3);
    RaftReplica leader = group.leader();
    long term = leader.term();
    leader.receive(Group.member(2), new AppendRefused(term + 1, 1, 0, 0, 0, 0, 0));
    assertEquals("follower", leader.engine().status().role());
    assertNull(leader.durableRecord().votedFor());
  }

  @Test
  @DisplayName("fail-over: broken connections elect in a few tens of milliseconds")
  void brokenConnections() {
    for (int voters : new int[] {3, 5}) {
      Group group = Group.formed(voters);
      group.replica(1).crash(0);
      long start = group.now();
      group.replicas().stream()
          .filter(replica -> replica.isUp())
          .forEach(replica -> replica.peerLost(1));
      assertTrue(group.runUntil(group::isOpen, start + Group.T));
      assertTrue(group.now() - start <= 30 * Group.MILLI, "took " + (group.now() - start));
      assertEquals(2, group.leader().self().id(), "the first in rank");
    }
  }

  @Test
  @DisplayName("fail-over: one broken connection alone deposes nobody")
  void oneBrokenConnection() {
    Group group = Group.formed(3);
    long term = group.leader().term();
    group.replica(2).peerLost(1);
    group.run(3 * Group.T);
    assertTrue(group.replica(1).leads());
    assertEquals(term, group.replica(1).term());
    assertEquals(1, group.replica(2).leader());
  }

  @Test
  @DisplayName("fail-over: the first in rank cannot win, and the next one does within 300 ms")
  void nextInRank() {
    Group group = new Group(3, 3);
    group.replica(1).put(3, null, group.log(1, 1, 1, 3, 3));
    group.replica(2).put(3, null, group.log(1, 1, 1, 3));
    group.replica(3).put(3, null, group.log(1, 1, 1, 3, 3));
    group.replicas().forEach(replica -> replica.instantDisk(true));
    group.start();
    group.elect(1);
    group.replica(2).crash(0);
    group.replica(1).propose("x");
    group.flights().removeIf(flight -> flight.to() == 2);
    group.settle();
    group.replica(1).crash(0);
    group.replica(2).restart();
    long start = group.now();
    group.replica(3).peerLost(1);
    group.replica(2).peerLost(1);
    assertTrue(group.runUntil(() -> group.replica(3).leads(), start + 300 * Group.MILLI));
  }

  @Test
  @DisplayName("status says who refused and why, and who is silent")
  void findings() {
    Group group = Group.quiet(3);
    group.expire(1);
    PreVote asked = (PreVote) group.messages(PreVote.class, 1, 2).get(0);
    group.replica(1).receive(Group.member(2), new PreVoteReply(3, asked.round(), Answer.LOG_OLDER));
    List<String> findings = group.replica(1).engine().status().findings();
    assertEquals(
        List.of(
            "no leader: a pre-vote in term 3 needs the votes of 2 of 3 voters",
            "member 2: refused: its log is newer",
            "member 3: silent"),
        findings);
  }
}

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
  /** A group whose logs are formed and equal, all followers of term 3 without a leader. */
  private static Group quiet(int voters) {
    Group group = new Group(voters, 7);
    group.nodes.forEach(node -> node.put(3, null, group.log(1, 1, 1, 3)));
    group.start();
    return group;
  }

  private static void expire(Group group, int id) {
    group.now += Group.T + Group.T / 4 + 1;
    group.node(id).tick();
  }

  /** Becomes a candidate whose own vote waits for the disk. */
  private static Node standing(Group group, int id) {
    expire(group, id);
    group.deliver(flight -> flight.message() instanceof PreVote);
    group.deliver(flight -> flight.message() instanceof PreVoteReply);
    return group.node(id);
  }

  @Test
  @DisplayName("E1: no grant leaves while the record is not durable, ever")
  void grantWaitsForTheDisk() {
    Group group = quiet(3);
    Node never = group.node(2);
    never.receive(Group.member(1), new RequestVote(4, 4, 3));
    for (int i = 0; i < 50; i++) {
      group.now += Group.T;
      never.tick();
    }
    assertTrue(group.messages(VoteReply.class, 2, 1).isEmpty());
  }

  @Test
  @DisplayName("E2: RequestVote leaves after the own vote is durable, and survives a crash")
  void ownVoteFirst() {
    Group group = quiet(3);
    Node candidate = standing(group, 1);
    assertTrue(group.messages(RequestVote.class, 1, 2).isEmpty());
    candidate.sync();
    assertEquals(1, group.messages(RequestVote.class, 1, 2).size());
    candidate.crash(0);
    candidate.restart();
    candidate.receive(Group.member(3), new RequestVote(4, 4, 3));
    candidate.sync();
    VoteReply reply = (VoteReply) group.messages(VoteReply.class, 1, 3).get(0);
    assertEquals(Answer.VOTE_SPENT, reply.answer());
  }

  @Test
  @DisplayName("E2: a crash before the own vote is durable leaves it unspent, for nobody knew")
  void crashBeforeTheOwnVote() {
    Group group = quiet(3);
    Node candidate = standing(group, 1);
    candidate.crash(0);
    assertEquals(3, candidate.durableRecord().term());
    candidate.restart();
    candidate.receive(Group.member(3), new RequestVote(4, 4, 3));
    candidate.sync();
    VoteReply reply = (VoteReply) group.messages(VoteReply.class, 1, 3).get(0);
    assertEquals(Answer.GRANTED, reply.answer());
  }

  @Test
  @DisplayName("E3: term and vote are saved by one write")
  void oneRecord() {
    Group group = quiet(3);
    Node voter = group.node(2);
    voter.receive(Group.member(1), new RequestVote(9, 4, 3));
    assertEquals(1, voter.saves);
    voter.sync();
    assertEquals(new RaftRecord(9, Group.member(1)), voter.durableRecord());
  }

  @Test
  @DisplayName("E4: a candidate that steps down in its term does not get its vote back")
  void stepDownKeepsTheVote() {
    Group group = quiet(3);
    Node candidate = standing(group, 1);
    candidate.sync();
    candidate.receive(Group.member(2), new Append(4, 1, 4, 3, List.of(), 0, 0));
    assertEquals("follower", candidate.engine.status().role());
    group.now += 2 * Group.T;
    candidate.receive(Group.member(3), new RequestVote(4, 9, 4));
    VoteReply reply = (VoteReply) group.messages(VoteReply.class, 1, 3).get(0);
    assertEquals(Answer.VOTE_SPENT, reply.answer());
  }

  @Test
  @DisplayName("E4: a leader that resigns without a quorum keeps its term and its vote")
  void resigningKeepsTheVote() {
    Group group = Group.formed(3);
    Node leader = group.leader();
    long term = leader.term();
    group.isolate(1);
    group.run(3 * Group.T);
    assertFalse(leader.leads());
    leader.receive(Group.member(3), new RequestVote(leader.term(), 99, leader.term()));
    VoteReply reply = (VoteReply) group.messages(VoteReply.class, 1, 3).get(0);
    assertEquals(Answer.VOTE_SPENT, reply.answer());
    assertEquals(new RaftRecord(term, leader.self), leader.durableRecord());
  }

  @Test
  @DisplayName("E5: a pre-vote reply of another round does not count")
  void preVoteRounds() {
    Group group = quiet(3);
    expire(group, 1);
    PreVote first = (PreVote) group.messages(PreVote.class, 1, 2).get(0);
    expire(group, 1);
    Node candidate = group.node(1);
    candidate.receive(Group.member(2), new PreVoteReply(3, first.round(), Answer.GRANTED));
    candidate.sync();
    assertEquals(3, candidate.term());
    candidate.receive(Group.member(2), new VoteReply(3, 4, Answer.VOTE_SPENT));
    assertEquals("candidate", candidate.engine.status().role());
  }

  @Test
  @DisplayName("E6: a quorum of pre-candidates, each with a stale leader before, elects")
  void preCandidatesElect() {
    Group group = Group.formed(3);
    group.isolate(1);
    group.now += 2 * Group.T;
    group.node(2).tick();
    group.node(3).tick();
    assertEquals(0, group.node(2).leader);
    assertEquals(0, group.node(3).leader);
    assertTrue(
        group.runUntil(() -> group.node(2).leads() || group.node(3).leads(), group.now + Group.T));
  }

  @Test
  @DisplayName("E7: a long log of a low term learns the high term of short logs, and wins")
  void refusalsSpreadTheTerm() {
    Group group = new Group(5, 7);
    group.node(1).put(3, null, group.log(1, 1, 1, 3, 3, 3));
    group.node(2).put(3, null, group.log(1, 1, 1, 3, 3, 3));
    group.node(3).put(9, null, group.log(1, 1, 1));
    group.node(4).put(9, null, group.log(1, 1, 1));
    group.start();
    group.node(5).crash(0);
    boolean led = group.runUntil(() -> group.nodes.stream().anyMatch(Node::isOpen), 4 * Group.T);
    assertTrue(led);
    assertTrue(group.leader().term() > 9);
    assertTrue(group.leader().self.id() <= 2);
  }

  @Test
  @DisplayName("E8: a late pre-vote quorum does not disturb a leader")
  void latePreVotes() {
    Group group = quiet(5);
    expire(group, 1);
    List<RaftMessage> asked = group.messages(PreVote.class, 1, 5);
    group.runUntil(() -> group.node(1).leads(), group.now + Group.T);
    long term = group.node(1).term();
    long round = ((PreVote) asked.get(0)).round();
    for (int id = 2; id <= 5; id++) {
      group.node(1).receive(Group.member(id), new PreVoteReply(3, round, Answer.GRANTED));
      group.node(1).receive(Group.member(id), new VoteReply(term, term, Answer.GRANTED));
    }
    assertTrue(group.node(1).leads());
    assertEquals(term, group.node(1).term());
  }

  @Test
  @DisplayName("E9: granting a pre-vote is no contact with a leader")
  void grantingIsNoContact() {
    Group group = quiet(3);
    Node voter = group.node(2);
    voter.receive(Group.member(1), new PreVote(3, 1, 4, 3));
    voter.receive(Group.member(3), new PreVote(3, 2, 4, 3));
    PreVoteReply second = (PreVoteReply) group.messages(PreVoteReply.class, 2, 3).get(0);
    assertEquals(Answer.GRANTED, second.answer());
    assertEquals(0, voter.leader);
  }

  @Test
  @DisplayName("E10: the longest log wins, not the first that is long enough for one")
  void longestWins() {
    Group group = new Group(5, 7);
    group.node(1).put(3, null, group.log(1, 1, 3));
    group.node(2).put(3, null, group.log(1, 1));
    for (int id = 3; id <= 5; id++) {
      group.node(id).put(3, null, group.log(1, 1, 3, 3));
    }
    group.start();
    expire(group, 1);
    group.settle();
    assertFalse(group.node(1).leads());
    assertEquals(3, group.node(1).term(), "a pre-vote that fails raises no term");
    assertTrue(
        group.runUntil(() -> group.nodes.stream().anyMatch(Node::leads), group.now + 4 * Group.T));
    assertTrue(group.leader().self.id() >= 3);
  }

  @Test
  @DisplayName("E11, D11: a vote compares the last entry written, durable or not")
  void voteComparesWritten() {
    Group group = quiet(3);
    Node voter = group.node(3);
    voter.receive(
        Group.member(1), new Append(3, 1, 4, 3, group.log(1, 1, 1, 3, 3).subList(4, 5), 0, 0));
    group.now += 2 * Group.T;
    voter.receive(Group.member(2), new RequestVote(4, 4, 3));
    VoteReply reply = (VoteReply) group.messages(VoteReply.class, 3, 2).get(0);
    assertEquals(Answer.LOG_OLDER, reply.answer());
    voter.sync();
    assertTrue(
        group.messages(RaftMessage.Appended.class, 3, 1).stream()
            .noneMatch(ack -> ((RaftMessage.Appended) ack).match() == 5),
        "ID1: an acknowledgement of term 3 is dropped once the term is 4");
  }

  @Test
  @DisplayName("E15: a bridge that hears the old leader does not block the others for long")
  void bridge() {
    Group group = Group.formed(5);
    long end = group.now + 6 * Group.T;
    // Member 1, the leader, reaches member 2 alone; member 2 reaches everybody.
    boolean led = false;
    while (!led && group.now < end) {
      long next = group.now + Group.T / 20;
      for (Node node : group.nodes) {
        node.tick();
      }
      while (!group.flights.isEmpty()) {
        group.drop(
            flight ->
                (flight.from().id() == 1 && flight.to() != 2)
                    || (flight.to() == 1 && flight.from().id() != 2));
        if (!group.flights.isEmpty()) {
          group.deliver(group.flights.remove(0));
        }
      }
      group.now = next;
      led = group.nodes.stream().anyMatch(node -> node.self.id() != 1 && node.leads());
    }
    assertTrue(led);
  }

  @Test
  @DisplayName("E18: who led restarts as a follower, and leads again in a new term only")
  void restartsAsFollower() {
    Group group = Group.formed(3);
    Node leader = group.leader();
    leader.autoDurable = false;
    long term = leader.term();
    leader.propose("lost");
    group.flights.clear();
    leader.crash(0);
    leader.restart();
    assertEquals("follower", leader.engine.status().role());
    leader.autoDurable = true;
    assertTrue(
        group.runUntil(() -> group.nodes.stream().anyMatch(Node::isOpen), group.now + 4 * Group.T));
    assertTrue(group.leader().term() > term);
  }

  @Test
  @DisplayName("E19: a voter gives a whole election timeout from when its vote is durable")
  void timerRunsFromTheDurableVote() {
    Group group = quiet(3);
    Node voter = group.node(2);
    voter.receive(Group.member(1), new RequestVote(4, 4, 3));
    group.now += Group.T - 1;
    voter.sync();
    assertTrue(voter.engine.deadline() - group.now >= Group.T);
    group = quiet(3);
    Node candidate = standing(group, 1);
    group.now += 5 * Group.T;
    candidate.tick();
    candidate.sync();
    assertTrue(candidate.engine.deadline() - group.now >= Group.T);
  }

  @Test
  @DisplayName("E20: a restarted leader that was deposed disturbs nobody")
  void restartedLeaderIsQuiet() {
    Group group = Group.formed(3);
    group.node(1).crash(0);
    group.run(3 * Group.T);
    Node next = group.leader();
    long term = next.term();
    group.node(1).restart();
    group.node(1).autoDurable = true;
    group.run(5 * Group.T);
    assertTrue(next.leads());
    assertEquals(term, next.term());
  }

  @Test
  @DisplayName("R20: an Append of another leader in the own leading term halts the replica")
  void twoLeadersHalt() {
    Group group = Group.formed(3);
    Node leader = group.leader();
    assertThrows(
        IllegalStateException.class,
        () -> leader.receive(Group.member(2), new Append(leader.term(), 1, 0, 0, List.of(), 0, 0)));
    Node follower = group.node(3);
    assertThrows(
        IllegalStateException.class,
        () ->
            follower.receive(Group.member(2), new Append(leader.term(), 1, 0, 0, List.of(), 0, 0)));
  }

  @Test
  @DisplayName("§3.4: a vote whose term is over before it is durable is never told")
  void overtakenVote() {
    Group group = quiet(3);
    Node voter = group.node(2);
    voter.receive(Group.member(1), new RequestVote(4, 4, 3));
    voter.receive(Group.member(3), new RequestVote(5, 4, 3));
    voter.sync();
    assertTrue(group.messages(VoteReply.class, 2, 1).isEmpty());
    assertEquals(1, group.messages(VoteReply.class, 2, 3).size());
  }

  @Test
  @DisplayName("§6.2: a leader that hears no quorum for an election timeout resigns, exactly then")
  void checkQuorum() {
    Group group = Group.formed(3);
    Node leader = group.leader();
    group.run(Group.T);
    group.isolate(1);
    long cut = group.now;
    group.runUntil(() -> !leader.leads(), group.now + 2 * Group.T);
    assertFalse(leader.leads());
    assertEquals(0, leader.leader);
    assertTrue(group.now - cut <= Group.T);
    assertTrue(group.now - cut >= Group.T - 101 * Group.MILLI);
  }

  @Test
  @DisplayName("§4.2.3: nobody votes while the leader is heard, whatever the term")
  void stickiness() {
    Group group = Group.formed(3);
    long term = group.leader().term();
    group.node(2).receive(Group.member(3), new RequestVote(term + 5, 99, term));
    assertEquals(term, group.node(2).term());
    group.leader().receive(Group.member(3), new RequestVote(term + 5, 99, term));
    assertTrue(group.leader().leads());
  }

  @Test
  @DisplayName("a leader whose Append meets a higher term steps down (Figure 3.1)")
  void higherTermDeposes() {
    Group group = Group.formed(3);
    Node leader = group.leader();
    long term = leader.term();
    leader.receive(Group.member(2), new AppendRefused(term + 1, 1, 0, 0, 0, 0, 0));
    assertEquals("follower", leader.engine.status().role());
    assertNull(leader.durableRecord().votedFor());
  }

  @Test
  @DisplayName("fail-over: broken connections elect in a few tens of milliseconds")
  void brokenConnections() {
    for (int voters : new int[] {3, 5}) {
      Group group = Group.formed(voters);
      group.node(1).crash(0);
      long start = group.now;
      group.nodes.stream().filter(node -> node.up).forEach(node -> node.peerLost(1));
      assertTrue(
          group.runUntil(() -> group.nodes.stream().anyMatch(Node::isOpen), start + Group.T));
      assertTrue(group.now - start <= 30 * Group.MILLI, "took " + (group.now - start));
      assertEquals(2, group.leader().self.id(), "the first in rank");
    }
  }

  @Test
  @DisplayName("fail-over: one broken connection alone deposes nobody")
  void oneBrokenConnection() {
    Group group = Group.formed(3);
    long term = group.leader().term();
    group.node(2).peerLost(1);
    group.run(3 * Group.T);
    assertTrue(group.node(1).leads());
    assertEquals(term, group.node(1).term());
    assertEquals(1, group.node(2).leader);
  }

  @Test
  @DisplayName("fail-over: the first in rank cannot win, and the next one does within 300 ms")
  void nextInRank() {
    Group group = new Group(3, 3);
    group.node(1).put(3, null, group.log(1, 1, 1, 3, 3));
    group.node(2).put(3, null, group.log(1, 1, 1, 3));
    group.node(3).put(3, null, group.log(1, 1, 1, 3, 3));
    group.nodes.forEach(node -> node.autoDurable = true);
    group.start();
    group.elect(1);
    group.node(2).crash(0);
    group.node(1).propose("x");
    group.flights.removeIf(flight -> flight.to() == 2);
    group.settle();
    group.node(1).crash(0);
    group.node(2).restart();
    long start = group.now;
    group.node(3).peerLost(1);
    group.node(2).peerLost(1);
    assertTrue(group.runUntil(() -> group.node(3).leads(), start + 300 * Group.MILLI));
  }

  @Test
  @DisplayName("status says who refused and why, and who is silent")
  void findings() {
    Group group = quiet(3);
    expire(group, 1);
    PreVote asked = (PreVote) group.messages(PreVote.class, 1, 2).get(0);
    group.node(1).receive(Group.member(2), new PreVoteReply(3, asked.round(), Answer.LOG_OLDER));
    List<String> findings = group.node(1).engine.status().findings();
    assertEquals(
        List.of(
            "no leader: a pre-vote in term 3 needs the votes of 2 of 3 voters",
            "member 2: refused: its log is newer",
            "member 3: silent"),
        findings);
  }
}

package io.quorate.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.raft.RaftMessage.Answer;
import io.quorate.raft.RaftMessage.Append;
import io.quorate.raft.RaftMessage.Appended;
import io.quorate.raft.RaftMessage.RequestVote;
import io.quorate.raft.RaftMessage.VoteReply;
import io.quorate.testkit.engine.EngineGroup;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Terms and votes, the disk that they are saved on, and the power that goes (ID1). */
class VoteDurabilityTest {
  @Test
  @DisplayName("E1: no grant leaves while the record is not durable, ever")
  void grantWaitsForTheDisk() {
    Group group = Group.quiet(3);
    RaftReplica never = group.replica(2);
    never.receive(Group.member(1), new RequestVote(4, 4, 3));
    for (int i = 0; i < 50; i++) {
      group.pass(Group.T);
      never.tick();
    }
    assertTrue(group.messages(VoteReply.class, 2, 1).isEmpty());
  }

  @Test
  @DisplayName("E2: a crash before the own vote is durable leaves it unspent, for nobody knew")
  void crashBeforeTheOwnVote() {
    Group group = Group.quiet(3);
    RaftReplica candidate = group.standing(1);
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
    Group group = Group.quiet(3);
    RaftReplica voter = group.replica(2);
    voter.receive(Group.member(1), new RequestVote(9, 4, 3));
    assertEquals(1, voter.saves());
    voter.sync();
    assertEquals(new RaftRecord(9, Group.member(1)), voter.durableRecord());
  }

  @Test
  @DisplayName("E4: a candidate that steps down in its term does not get its vote back")
  void stepDownKeepsTheVote() {
    Group group = Group.quiet(3);
    RaftReplica candidate = group.standing(1);
    candidate.sync();
    candidate.receive(Group.member(2), new Append(4, 1, 4, 3, List.of(), 0, 0));
    assertEquals("follower", candidate.engine().status().role());
    group.pass(2 * Group.T);
    candidate.receive(Group.member(3), new RequestVote(4, 9, 4));
    VoteReply reply = (VoteReply) group.messages(VoteReply.class, 1, 3).get(0);
    assertEquals(Answer.VOTE_SPENT, reply.answer());
  }

  @Test
  @DisplayName("E4: a leader that resigns without a quorum keeps its term and its vote")
  void resigningKeepsTheVote() {
    Group group = Group.formed(3);
    RaftReplica leader = group.leader();
    long term = leader.term();
    group.isolate(1);
    group.run(3 * Group.T);
    assertFalse(leader.leads());
    leader.receive(Group.member(3), new RequestVote(leader.term(), 99, leader.term()));
    VoteReply reply = (VoteReply) group.messages(VoteReply.class, 1, 3).get(0);
    assertEquals(Answer.VOTE_SPENT, reply.answer());
    assertEquals(new RaftRecord(term, leader.self()), leader.durableRecord());
  }

  @Test
  @DisplayName("E11, D11: a vote compares the last entry written, durable or not")
  void voteComparesWritten() {
    Group group = Group.quiet(3);
    RaftReplica voter = group.replica(3);
    voter.receive(
        Group.member(1), new Append(3, 1, 4, 3, group.log(1, 1, 1, 3, 3).subList(4, 5), 0, 0));
    group.pass(2 * Group.T);
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
  @DisplayName("E18: who led restarts as a follower, and leads again in a new term only")
  void restartsAsFollower() {
    Group group = Group.formed(3);
    RaftReplica leader = group.leader();
    leader.instantDisk(false);
    long term = leader.term();
    leader.propose("lost");
    group.flights().clear();
    leader.crash(0);
    leader.restart();
    assertEquals("follower", leader.engine().status().role());
    leader.instantDisk(true);
    assertTrue(group.runUntil(group::isOpen, group.now() + 4 * Group.T));
    assertTrue(group.leader().term() > term);
  }

  @Test
  @DisplayName("E19: a voter gives a whole election timeout from when its vote is durable")
  void timerRunsFromTheDurableVote() {
    Group group = Group.quiet(3);
    RaftReplica voter = group.replica(2);
    voter.receive(Group.member(1), new RequestVote(4, 4, 3));
    group.pass(Group.T - 1);
    voter.sync();
    assertTrue(voter.engine().deadline() - group.now() >= Group.T);
    group = Group.quiet(3);
    RaftReplica candidate = group.standing(1);
    group.pass(5 * Group.T);
    candidate.tick();
    candidate.sync();
    assertTrue(candidate.engine().deadline() - group.now() >= Group.T);
  }

  @Test
  @DisplayName("§3.4: a vote whose term is over before it is durable is never told")
  void overtakenVote() {
    Group group = Group.quiet(3);
    RaftReplica voter = group.replica(2);
    voter.receive(Group.member(1), new RequestVote(4, 4, 3));
    voter.receive(Group.member(3), new RequestVote(5, 4, 3));
    voter.sync();
    assertTrue(group.messages(VoteReply.class, 2, 1).isEmpty());
    assertEquals(1, group.messages(VoteReply.class, 2, 3).size());
  }

  @Test
  @DisplayName("E2: RequestVote leaves after the own vote is durable, and survives a crash")
  void ownVoteFirst() {
    Group group = Group.quiet(3);
    RaftReplica candidate = group.standing(1);
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
  @DisplayName("E2: a leader that lost its vote with its power does not make another in that term")
  void aVoteThatWasToldOutlivesThePower() {
    for (int syncedAtTheCrash = 0; syncedAtTheCrash <= 2; syncedAtTheCrash++) {
      Group group = Group.quiet(3);
      // Member 1 stands, and reaches member 2 alone.
      group.isolate(3);
      RaftReplica first = group.standing(1);
      first.sync(Math.min(1, syncedAtTheCrash));
      group.settle();
      group.replica(2).sync();
      group.settle();
      assertEquals(syncedAtTheCrash > 0, first.leads());
      group.observe();
      first.crash(0);
      // Member 3 never heard of that term, and needs the vote of member 1.
      group.heal();
      group.isolate(2);
      first.restart();
      RaftReplica third = group.standing(3);
      third.sync();
      assertEquals(4, third.term());
      group.settle();
      first.sync();
      group.settle();
      group.observe();
      assertEquals(syncedAtTheCrash == 0, third.leads(), "no second leader of term 4");
    }
  }

  @Test
  @DisplayName(
      "E3: whatever write the power goes in, the record is the old one or the whole new one")
  void noTermWithoutItsVote() {
    for (int survive = 0; survive <= 3; survive++) {
      Group group = Group.quiet(3);
      RaftReplica voter = group.replica(2);
      voter.receive(Group.member(1), new RequestVote(9, 4, 3));
      voter.crash(survive);
      RaftRecord record = voter.durableRecord();
      assertTrue(
          record.equals(new RaftRecord(3, null))
              || record.equals(new RaftRecord(9, Group.member(1))),
          record::toString);
      voter.restart();
      voter.receive(Group.member(3), new RequestVote(9, 4, 3));
      voter.sync();
      VoteReply reply = (VoteReply) group.messages(VoteReply.class, 2, 3).get(0);
      assertEquals(survive == 0 ? Answer.GRANTED : Answer.VOTE_SPENT, reply.answer());
    }
  }

  @Test
  @DisplayName(
      "D11: an entry that is written refuses its lack a vote, and acknowledges no old term")
  void aLateSyncAcknowledgesNoOldTerm() {
    Group group = Group.formed(3);
    RaftReplica leader = group.replica(1);
    RaftReplica candidate = group.replica(2);
    RaftReplica voter = group.replica(3);
    voter.instantDisk(false);
    group.record();
    leader.propose("5");
    long last = leader.last();
    group.drop(flight -> flight.to() == 2);
    group.settle();
    assertEquals(last, voter.last(), "written");
    assertEquals(last - 1, voter.engine().status().durable());
    assertEquals(last - 1, candidate.last());
    // The voter hears the leader no more, and the candidate asks for its vote.
    group.isolate(1);
    group.pass(2 * Group.T);
    RequestVote asked = new RequestVote(leader.term() + 1, last - 1, leader.term());
    voter.receive(candidate.self(), asked);
    voter.sync(1); // Entry 5, written under the old term, is durable; then the record of the new.
    group.heal();
    group.settle();
    voter.sync();
    group.settle();
    VoteReply reply =
        (VoteReply)
            group.history().stream()
                .filter(flight -> flight.to() == 2)
                .map(EngineGroup.Flight::message)
                .filter(VoteReply.class::isInstance)
                .findFirst()
                .orElseThrow();
    assertEquals(Answer.LOG_OLDER, reply.answer());
    assertEquals(asked.term(), voter.term());
    assertEquals(last - 1, leader.commit(), "no acknowledgement of term 1 in term 2");
    assertTrue(
        group.history().stream()
            .filter(flight -> flight.from().id() == 3 && flight.to() == 1)
            .map(EngineGroup.Flight::message)
            .noneMatch(message -> message instanceof Appended ack && ack.match() == last));
  }

  @Test
  @DisplayName("§3.4: a vote of an earlier election elects nobody in a later one")
  void votesOfAnEarlierElection() {
    Group group = Group.quiet(3);
    RaftReplica candidate = group.standing(1);
    candidate.sync();
    long earlier = candidate.term();
    group.drop(flight -> flight.message() instanceof RequestVote);
    group.standing(1);
    candidate.sync();
    assertEquals(earlier + 1, candidate.term());
    candidate.receive(Group.member(2), new VoteReply(earlier, earlier, Answer.GRANTED));
    assertFalse(candidate.leads());
    candidate.receive(Group.member(2), new VoteReply(earlier + 1, earlier + 1, Answer.GRANTED));
    assertTrue(candidate.leads());
  }
}

package io.quorate.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.raft.RaftMessage.Answer;
import io.quorate.raft.RaftMessage.RequestVote;
import io.quorate.raft.RaftMessage.VoteReply;
import io.quorate.spi.Base;
import io.quorate.spi.Configuration;
import io.quorate.spi.Entry;
import io.quorate.spi.Lead;
import io.quorate.spi.Member;
import io.quorate.spi.Payload;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** DESIGN §4, identity and formation: unanimous, once, by incarnation. */
class FormationTest {
  @Test
  @DisplayName(
      "a group founds itself: FOUNDING lists every incarnation, then LEAD, then it is open")
  void founds() {
    Group group = Group.started(3);
    assertTrue(group.runUntil(group::isOpen, 4 * Group.T));
    group.run(200 * Group.MILLI);
    for (RaftReplica replica : group.replicas()) {
      assertEquals(Entry.Kind.FOUNDING, replica.entry(1).kind());
      assertEquals(Entry.Kind.LEAD, replica.entry(2).kind());
      assertEquals(
          new Lead(1, replica.entry(2).stamp()),
          Lead.decode(replica.entry(2).value()),
          "the fence of apply is read from the value");
      assertEquals(3, replica.commit());
      Configuration listed = Configuration.decode(replica.entry(1).value());
      assertEquals(
          List.of(Group.member(1), Group.member(2), Group.member(3)),
          listed.voters().stream().map(Configuration.Voter::member).toList());
    }
  }

  @Test
  @DisplayName("two of three found nothing, and say for whom they wait")
  void unanimous() {
    Group group = Group.started(3);
    group.isolate(3);
    group.run(10 * Group.T);
    assertTrue(group.leaders().isEmpty());
    assertEquals(0, group.replica(1).last());
    group.pass(2 * Group.T);
    group.replica(1).tick();
    String findings = String.join("\n", group.replica(1).engine().status().findings());
    assertTrue(findings.contains("to found the group, of all"), findings);
    assertTrue(findings.contains("member 3: silent"), findings);
  }

  @Test
  @DisplayName("nobody may propose before all founding voters hold FOUNDING durably")
  void opensWhenAllHoldIt() {
    Group group = Group.started(3);
    group.replica(3).instantDisk(false);
    group.pass(2 * Group.T);
    group.replica(1).tick();
    while (!group.replica(1).leads()) {
      group.replica(3).sync();
      group.settle();
    }
    group.settle();
    assertEquals(2, group.replica(1).commit(), "committed by the usual rule");
    assertFalse(group.replica(1).isOpen());
    assertThrows(
        IllegalStateException.class,
        () -> group.replica(1).engine().propose(group.now(), Payload.EMPTY, group.replica(1)));
    assertTrue(
        String.join("\n", group.replica(1).engine().status().findings())
            .contains("founding member 3 does not hold the founding entry durably yet"));
    group.replica(3).sync();
    group.settle();
    assertTrue(group.replica(1).isOpen());
  }

  @Test
  @DisplayName("C15: who has lost the founding entry by a crash has it again with a snapshot")
  void aSnapshotBringsTheFoundingEntry() {
    Group group = Group.started(3);
    RaftReplica late = group.replica(3);
    late.instantDisk(false);
    group.pass(2 * Group.T);
    group.replica(1).tick();
    while (!group.replica(1).leads()) {
      late.sync();
      group.settle();
    }
    group.settle();
    Entry founding = group.replica(1).entry(1);
    Base base = new Base(2, group.replica(1).stampAt(2));
    late.crash(0);
    group.replica(1).rebase(base);
    group.replica(2).rebase(base);
    late.restart();
    late.instantDisk(true);
    group.run(Group.T / 2);
    assertEquals(2, late.wantedSnapshot());
    assertFalse(group.replica(1).isOpen());
    late.install(base, founding);
    group.run(Group.T);
    assertTrue(group.replica(1).isOpen());
    group.isolate(1);
    group.run(6 * Group.T);
    assertTrue(group.replica(2).isOpen() || late.isOpen(), "by two of three");
    group.isolate(2);
    group.heal();
    group.isolate(2);
    group.run(12 * Group.T);
    assertTrue(group.replica(1).isOpen() || late.isOpen(), "by two others");
  }

  @Test
  @DisplayName("a leader of a later term asks for all again, unless its log proves formation")
  void laterTerm() {
    Group group = new Group(3, 1);
    group.replica(1).put(1, null, group.log(1, 1));
    group.replica(2).put(1, null, group.log(1, 1));
    group.replicas().forEach(replica -> replica.instantDisk(true));
    group.isolate(3);
    group.start();
    group.elect(1);
    group.run(Group.T / 2);
    assertTrue(group.replica(1).leads());
    assertEquals(3, group.replica(1).commit());
    assertFalse(group.replica(1).isOpen(), "member 3 may not hold FOUNDING");
    group.heal();
    group.run(Group.T);
    assertTrue(group.leader().isOpen());

    group.heal();
    RaftReplica leader = group.leader();
    group.isolate(leader.self().id());
    group.run(4 * Group.T);
    assertTrue(
        group.replicas().stream().anyMatch(replica -> replica != leader && replica.isOpen()),
        "the log says that the group is formed, without a command in it");

    Group proven = new Group(3, 1);
    proven.replica(1).put(2, null, proven.log(1, 1, 2, 2));
    proven.replica(2).put(2, null, proven.log(1, 1, 2, 2));
    proven.replicas().forEach(replica -> replica.instantDisk(true));
    proven.isolate(3);
    proven.start();
    proven.elect(1);
    assertTrue(proven.replica(1).isOpen(), "a BATCH was proposed once");
  }

  @Test
  @DisplayName("votes and acknowledgements of another incarnation are not counted")
  void incarnations() {
    Group group = new Group(3, 1);
    group.replicas().forEach(replica -> replica.put(3, null, group.log(1, 1, 1)));
    group.start();
    Member wiped = new Member(2, 666);
    RaftReplica voter = group.replica(1);
    voter.receive(wiped, new RequestVote(9, 99, 9));
    voter.sync();
    assertEquals(3, voter.term());
    assertTrue(group.flights().isEmpty());
    assertTrue(
        String.join("\n", voter.engine().status().findings())
            .contains("member 2 is another incarnation"));
  }

  @Test
  @DisplayName("a replica that lost its disk has no vote and never stands")
  void wipedReplica() {
    Group group = new Group(3, 1);
    List<Entry> log = group.log(1, 1, 1);
    RaftReplica wiped = new RaftReplica(group, new Member(2, 666));
    wiped.put(3, null, log);
    wiped.start();
    for (int i = 0; i < 10; i++) {
      group.pass(2 * Group.T);
      wiped.tick();
    }
    assertTrue(group.flights().isEmpty());
    assertTrue(String.join("\n", wiped.engine().status().findings()).contains("has no vote"));
  }

  @Test
  @DisplayName("a vote names the incarnation: a wiped candidate cannot win a term twice")
  void votesNameIncarnations() {
    Group group = new Group(3, 1);
    group.start();
    RaftReplica voter = group.replica(1);
    voter.receive(Group.member(2), new RequestVote(1, 0, 0));
    voter.sync();
    group.flights().clear();
    voter.receive(new Member(2, 666), new RequestVote(1, 0, 0));
    voter.sync();
    VoteReply reply = (VoteReply) group.messages(VoteReply.class, 1, 2).get(0);
    assertEquals(Answer.VOTE_SPENT, reply.answer());
  }
}

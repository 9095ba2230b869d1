package io.quorate.paxos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.paxos.PaxosMessage.Prepare;
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
  @DisplayName("a group founds itself: FOUNDING lists every incarnation, then Lead, then it opens")
  void founds() {
    Group group = Group.started(3);
    assertTrue(group.runUntil(group::isOpen, 4 * Group.T));
    group.run(200 * Group.MILLI);
    for (PaxosReplica replica : group.replicas()) {
      Ballot ballot = replica.promised();
      assertEquals(List.of("1 FOUNDING@" + ballot, "2 Lead@" + ballot), replica.slots());
      assertEquals(
          new Lead(1, ballot.stamp()),
          Lead.decode(replica.entry(2).value()),
          "the fence of apply is read from the value");
      assertEquals(2, replica.commit());
      Configuration listed = Configuration.decode(replica.entry(1).value());
      assertEquals(
          List.of(Group.member(1), Group.member(2), Group.member(3)),
          listed.voters().stream().map(Configuration.Voter::member).toList());
      assertTrue(replica.durableRecord().formed());
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
    assertTrue(findings.contains("to found the group, all"), findings);
    assertTrue(findings.contains("member 3: silent"), findings);
  }

  @Test
  @DisplayName("the promises of two of three found nothing")
  void promisesOfAll() {
    Group group = Group.started(3);
    PaxosReplica proposer = group.preparing(1);
    group.deliver(flight -> flight.from().id() == 2);
    assertFalse(proposer.leads());
    assertTrue(
        String.join("\n", proposer.engine().status().findings())
            .contains("needs the promises of 3 of 3 voters (to found the group, of all)"));
    group.deliver(flight -> flight.from().id() == 3);
    assertTrue(proposer.leads());
  }

  @Test
  @DisplayName("nobody may propose before all founding voters hold FOUNDING durably")
  void opensWhenAllHoldIt() {
    Group group = Group.started(3);
    group.replica(3).instantDisk(false);
    PaxosReplica leader = group.leading(1);
    assertTrue(leader.leads());
    group.settle();
    assertEquals(2, leader.commit(), "chosen by the usual rule");
    assertFalse(leader.isOpen());
    assertThrows(IllegalStateException.class, () -> leader.propose(Payload.EMPTY));
    assertTrue(
        String.join("\n", leader.engine().status().findings())
            .contains("founding member 3 does not hold the founding entry durably yet"));
    group.replica(3).sync();
    group.settle();
    assertTrue(leader.isOpen());
  }

  @Test
  @DisplayName("C15: who has lost the founding entry by a crash has it again with a snapshot")
  void aSnapshotBringsTheFoundingEntry() {
    Group group = Group.started(3);
    group.replica(3).instantDisk(false);
    PaxosReplica leader = group.leading(1);
    group.settle();
    Entry founding = leader.entry(1);
    Base base = new Base(2, leader.stampAt(2));
    group.replica(3).crash(0);
    group.replica(1).rebase(base);
    group.replica(2).rebase(base);
    group.replica(3).restart();
    group.replica(3).instantDisk(true);
    group.run(Group.T);
    assertEquals(2, group.replica(3).wantedSnapshot());
    assertFalse(leader.isOpen());
    group.replica(3).install(base, founding);
    group.run(Group.T);
    assertTrue(leader.isOpen());
    group.isolate(1);
    group.run(6 * Group.T);
    assertTrue(group.replica(2).isOpen() || group.replica(3).isOpen(), "by two of three");
  }

  @Test
  @DisplayName("promises are asked of, and given to, the incarnation that founded the group only")
  void incarnations() {
    Group group = Group.quiet(3, 4);
    group.start();
    Member wiped = new Member(2, 666);
    PaxosReplica acceptor = group.replica(1);
    acceptor.receive(wiped, new Prepare(new Ballot(9, 2), 1, 1));
    acceptor.sync();
    assertEquals(Group.FIRST, acceptor.promised());
    assertTrue(group.flights().isEmpty());
    assertTrue(
        String.join("\n", acceptor.engine().status().findings())
            .contains("member 2 is another incarnation"));
  }

  @Test
  @DisplayName("a replica that lost its disk has no vote and never stands")
  void wipedReplica() {
    Group group = new Group(3, 1);
    PaxosReplica wiped = new PaxosReplica(group, new Member(2, 666));
    wiped.put(Group.FIRST, 4, group.chosen(4));
    for (int id = 1; id <= 3; id++) {
      group.replica(id).put(Group.FIRST, 4, group.chosen(4));
    }
    wiped.start();
    for (int i = 0; i < 10; i++) {
      group.pass(2 * Group.T);
      wiped.tick();
    }
    assertTrue(group.flights().isEmpty());
    assertTrue(String.join("\n", wiped.engine().status().findings()).contains("has no vote"));
  }
}

package io.quorate.paxos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.paxos.PaxosMessage.Accept;
import io.quorate.paxos.PaxosMessage.Prepare;
import io.quorate.paxos.PaxosMessage.Promise;
import io.quorate.spi.Base;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What an engine does with slots that are in a snapshot (PAXOS.md §2.6, §2.9). */
class SnapshotTest {
  @Test
  @DisplayName("P10: a proposer below what others have given up decides nothing there")
  void aProposerBelowASnapshotGetsItFirst() {
    Group group = Group.quiet(3, 8);
    group.replica(1).put(Group.FIRST, 4, group.chosenAnd(4));
    group.instantDisks();
    group.start();
    for (int id = 2; id <= 3; id++) {
      PaxosReplica replica = group.replica(id);
      replica.rebase(new Base(8, replica.stampAt(8)));
    }
    group.record();
    PaxosReplica proposer = group.replica(1);
    group.elect(1);
    group.run(Group.T / 2);
    assertTrue(proposer.leads());
    assertFalse(proposer.isOpen());
    assertEquals(8, proposer.wantedSnapshot());
    assertEquals(4, proposer.commit());
    proposer.rebase(new Base(8, group.replica(2).base().stamp()));
    group.run(Group.T / 2);
    assertTrue(proposer.isOpen());
    proposer.propose("x");
    group.run(Group.T / 2);
    assertEquals(proposer.last(), group.replica(2).commit());
    assertTrue(
        group.history().stream()
            .filter(flight -> flight.message() instanceof Accept)
            .flatMap(flight -> ((Accept) flight.message()).entries().stream())
            .noneMatch(entry -> entry.index() <= 8),
        "no value and no no-op where a snapshot is");
  }

  @Test
  @DisplayName("P7: what is given up while a promise is on its way is told to be chosen")
  void aPromiseTellsWhatWasGivenUpMeanwhile() {
    Group group = Group.quiet(3, 4);
    PaxosReplica acceptor = group.replica(2);
    acceptor.put(Group.FIRST, 4, group.chosenAnd(4, Group.batch(5, Group.FIRST, "five")));
    group.start();
    group.standing(1).sync();
    group.deliver(Prepare.class);
    acceptor.rebase(new Base(5, Group.FIRST.stamp()));
    acceptor.sync();
    Promise promise = (Promise) group.messages(Promise.class, 2, 1).get(0);
    assertEquals(5, promise.chosenTo());
    assertTrue(promise.accepted().isEmpty());
  }
}

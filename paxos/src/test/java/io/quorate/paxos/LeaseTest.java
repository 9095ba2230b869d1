package io.quorate.paxos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.paxos.PaxosMessage.Cede;
import io.quorate.paxos.PaxosMessage.Prepare;
import io.quorate.testkit.engine.EngineGroup;
import io.quorate.testkit.engine.EngineGroup.Flight;
import io.quorate.testkit.engine.LeaseContract;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LeaseTest extends LeaseContract<PaxosMessage, PaxosReplica> {
  @Override
  protected Group withLeases(int voters, long leaseMillis) {
    return Group.withLeases(voters, leaseMillis);
  }

  /** Its ballot is higher than the one in between, which has the same round. */
  @Test
  @DisplayName("Q4: a release spares nobody the wait if another one has led since")
  void aReleaseIsForTheNextBallotOnly() {
    EngineGroup<PaxosMessage, PaxosReplica> group = formed();
    group.replica(1).transfer(3);
    group.deliver(Cede.class);
    List<Flight<PaxosMessage>> late =
        group.flights().stream()
            .filter(flight -> flight.message() instanceof Prepare && flight.to() == 1)
            .toList();
    assertEquals(1, late.size());
    group.drop(flight -> true);
    group.isolate(3);
    group.replica(1).crash(0);
    group.replica(1).restart();
    group.elect(2);
    PaxosReplica between = group.replica(2);
    for (int beats = 0; beats < 20; beats++) {
      group.pass(BEAT);
      between.tick(); // Nobody else notices how late it is.
      group.settle();
    }
    assertTrue(between.holdsLease());
    group.heal();
    group.isolate(2);
    late.forEach(group::deliver);
    group.settle();
    PaxosReplica next = group.replica(3);
    assertTrue(next.leads());
    assertTrue(between.holdsLease());
    long known = between.commit();
    assertTrue(next.commit() <= known);
    next.propose("new");
    group.settle();
    assertFalse(next.applied().contains("new"));
  }
}

package io.quorate.paxos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.paxos.PaxosMessage.CatchupResponse;
import io.quorate.paxos.PaxosMessage.Poll;
import io.quorate.paxos.PaxosMessage.PollReply;
import io.quorate.paxos.PaxosMessage.Prepare;
import io.quorate.paxos.PaxosMessage.Promise;
import io.quorate.spi.Entry;
import io.quorate.spi.Member;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A proposer that prepares while it learns that the group is founded, and by whom. */
class FoundedWhilePreparingTest {
  /** Another one under the id of a founder, whose disk was wiped. */
  private static Member wiped(int id) {
    return new Member(id, 666);
  }

  @Test
  void aPromiseOfAWipedMemberThatCameBeforeTheFoundingEntryDoesNotCount() {
    Group group = new Group(5, 17);
    Entry founding = group.chosen(1).get(0);
    PaxosReplica proposer = group.replica(1);
    proposer.put(PaxosCodec.encodeRecord(new PaxosRecord(Group.FIRST, 0, false)), List.of());
    for (int id = 2; id <= 5; id++) {
      group.replica(id).put(Group.FIRST, 1, List.of(founding));
    }
    proposer.start();
    group.expire(1);
    long token = ((Poll) group.flights().get(0).message()).token();
    for (int id = 2; id <= 5; id++) {
      proposer.receive(wiped(id), new PollReply(token, true, 0));
    }
    proposer.sync();
    Prepare prepare = (Prepare) group.messages(Prepare.class, 1, 2).get(0);
    promises(proposer, wiped(4), prepare);
    promises(proposer, wiped(5), prepare);
    proposer.receive(Group.member(2), new CatchupResponse(List.of(founding), 1, 0));
    assertEquals(1, proposer.commit(), "it knows who founded the group");
    promises(proposer, Group.member(3), prepare);
    assertFalse(proposer.leads(), "two of the five that founded the group have promised");
    promises(proposer, Group.member(2), prepare);
    assertTrue(proposer.leads(), "three have");
  }

  private static void promises(PaxosReplica proposer, Member from, Prepare prepare) {
    Promise promise =
        new Promise(
            prepare.ballot(),
            prepare.attempt(),
            Ballot.NONE,
            0,
            true,
            0,
            false,
            false,
            List.of(),
            List.of(),
            List.of());
    proposer.receive(from, promise);
  }
}

package io.quorate.paxos;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class EngineMessagesTest {
  private static final Ballot HELD = new Ballot(5, 2);

  @Test
  @DisplayName("the dispatcher knows every message, in every ballot relation")
  void dispatchIsComplete() {
    for (long round : new long[] {4, 5, 9}) {
      List<String> handled = new ArrayList<>();
      for (PaxosMessage message : samples(new Ballot(round, 2))) {
        Group group = Group.quiet(3, 3);
        PaxosReplica replica = group.replica(1);
        replica.put(HELD, 3, group.chosen(3));
        replica.start();
        replica.receive(Group.member(2), message);
        handled.add(message.getClass().getSimpleName());
      }
      assertEquals(PaxosCodecTest.kinds(), handled.stream().sorted().toList());
    }
  }

  private static List<PaxosMessage> samples(Ballot ballot) {
    return List.of(
        new PaxosMessage.Poll(1, 3),
        new PaxosMessage.PollReply(1, true, 3),
        new PaxosMessage.Prepare(ballot, 1, 4),
        new PaxosMessage.Promise(
            ballot, 1, Ballot.NONE, 0, true, 3, true, true, List.of(), List.of(), List.of()),
        new PaxosMessage.PrepareNack(ballot, 1, HELD),
        new PaxosMessage.Accept(ballot, 1, List.of(Group.batch(4, ballot, "v")), 3, 0, true),
        new PaxosMessage.Accepted(ballot, 0, List.of(new SlotRange(4, 4)), List.of(), 0, true),
        new PaxosMessage.AcceptNack(ballot, HELD),
        new PaxosMessage.Commit(ballot, 1, 4, 3, 0, true),
        new PaxosMessage.Cede(ballot, 3, true),
        new PaxosMessage.CatchupRequest(1, 3),
        new PaxosMessage.CatchupResponse(List.of(), 3, 1),
        new PaxosMessage.AskSlot(3),
        new PaxosMessage.SlotReport(4, Group.batch(4, ballot, "v"), true),
        new PaxosMessage.ReadIndex(1, HELD),
        new PaxosMessage.AskAccepted(1),
        new PaxosMessage.Accepts(1, 3),
        new PaxosMessage.ReadIndexReply(1, ballot, 3));
  }
}

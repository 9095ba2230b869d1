package io.quorate.paxos;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quorate.paxos.PaxosMessage.CatchupRequest;
import io.quorate.paxos.PaxosMessage.Commit;
import io.quorate.paxos.PaxosMessage.Poll;
import io.quorate.paxos.PaxosMessage.PollReply;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** What every replica makes of every Poll and its answers: role × leader heard × what is known. */
class PollRelationsTest {
  /** Whom it has heard last, as a leader. */
  enum Heard {
    NOBODY,
    THE_ONE_THAT_ASKS,
    ANOTHER
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  @Label("P21, P23: a Poll is answered by the table, and changes nothing that persists")
  void poll(
      @ForAll InRole role,
      @ForAll Heard heard,
      @ForAll boolean longAgo,
      @ForAll @IntRange(min = 2, max = 4) int chosenTo) {
    Group group = Group.quiet(3, 3);
    PaxosReplica replica = role.begin(group, 2);
    if (role == InRole.IDLE && heard != Heard.NOBODY) {
      int leader = heard == Heard.ANOTHER ? 3 : 1;
      Ballot ballot = new Ballot(5, leader);
      replica.receive(Group.member(leader), new Commit(ballot, 0, 3, 3, 0, true));
      replica.sync();
      group.flights().clear();
    }
    group.pass(longAgo ? Group.T : Group.T - 1);
    Ballot promised = replica.promised();
    int saves = replica.saves();

    replica.receive(Group.member(1), new Poll(77, chosenTo));

    boolean hearsAnother = heard == Heard.ANOTHER && !longAgo;
    boolean granted = role == InRole.IDLE && !hearsAnother;
    assertEquals(List.of(new PollReply(77, granted, 3)), group.messages(PollReply.class, 2, 1));
    assertEquals(
        chosenTo == 4 ? List.of(new CatchupRequest(4, 4)) : List.of(),
        group.messages(CatchupRequest.class, 2, 1));
    assertEquals(promised, replica.promised());
    assertEquals(saves, replica.saves());
  }

  /** What one of the others answers. */
  enum Answer {
    NOTHING,
    HEARS_NONE,
    HEARS_A_LEADER,
    OF_ANOTHER_POLL
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  @Label("P1, P21: a ballot is prepared once a majority, itself included, hears no leader")
  void pollReply(@ForAll @Size(4) List<Answer> answers) {
    Group group = Group.quiet(5, 3);
    PaxosReplica candidate = group.replica(1);
    candidate.start();
    group.expire(1);
    long token = ((Poll) group.flights().get(0).message()).token();
    int hearNone = 1;
    for (int i = 0; i < answers.size(); i++) {
      Answer answer = answers.get(i);
      if (answer != Answer.NOTHING) {
        boolean granted = answer != Answer.HEARS_A_LEADER;
        long told = answer == Answer.OF_ANOTHER_POLL ? token - 1 : token;
        PollReply reply = new PollReply(told, granted, 3);
        candidate.receive(Group.member(2 + i), reply);
        candidate.receive(Group.member(2 + i), reply);
      }
      hearNone += answer == Answer.HEARS_NONE ? 1 : 0;
    }
    boolean prepares = hearNone * 2 > 5;
    assertEquals(prepares ? new Ballot(2, 1) : Group.FIRST, candidate.promised());
    assertEquals("candidate", candidate.role());
  }
}

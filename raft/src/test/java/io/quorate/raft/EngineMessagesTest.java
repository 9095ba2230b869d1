package io.quorate.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class EngineMessagesTest {
  @Test
  @DisplayName("the dispatcher knows every message, in every term relation")
  void dispatchIsComplete() {
    List<String> handled = new ArrayList<>();
    for (int kind = 0; kind <= RaftCodecTest.LAST_KIND; kind++) {
      for (long term : new long[] {0, 5, 9}) {
        Group group = new Group(3, 1);
        RaftReplica replica = group.replica(1);
        replica.put(5, null, group.log(1, 1, 3));
        replica.start();
        RaftMessage message = withTerm(kind, term);
        replica.receive(Group.member(2), message);
        if (term == 5) {
          handled.add(message.getClass().getSimpleName());
        }
      }
    }
    List<String> all =
        Arrays.stream(RaftMessage.class.getPermittedSubclasses())
            .map(Class::getSimpleName)
            .sorted()
            .toList();
    assertEquals(all, handled.stream().sorted().toList());
  }

  private static RaftMessage withTerm(int kind, long term) {
    RaftMessage sample = RaftCodecTest.random(kind, new Random(kind));
    if (sample instanceof RaftMessage.PreVote m) {
      return new RaftMessage.PreVote(term, m.round(), m.lastIndex(), m.lastTerm());
    } else if (sample instanceof RaftMessage.PreVoteReply m) {
      return new RaftMessage.PreVoteReply(term, m.round(), m.answer());
    } else if (sample instanceof RaftMessage.RequestVote m) {
      return new RaftMessage.RequestVote(term, m.lastIndex(), m.lastTerm());
    } else if (sample instanceof RaftMessage.TimeoutNow) {
      return new RaftMessage.TimeoutNow(term, true);
    } else if (sample instanceof RaftMessage.VoteReply m) {
      return new RaftMessage.VoteReply(term, term, m.answer());
    } else if (sample instanceof RaftMessage.Append) {
      return new RaftMessage.Append(term, 1, 0, 0, List.of(), 0, 0);
    } else if (sample instanceof RaftMessage.Appended) {
      return new RaftMessage.Appended(term, 1, 0, 0, 0);
    } else if (sample instanceof RaftMessage.AppendRefused) {
      return new RaftMessage.AppendRefused(term, 1, 0, 0, 0, 0, 0);
    } else if (sample instanceof RaftMessage.InstallSnapshot m) {
      return new RaftMessage.InstallSnapshot(term, 1, m.lastIndex(), 0);
    } else if (sample instanceof RaftMessage.ReadIndex m) {
      return new RaftMessage.ReadIndex(term, m.token(), m.confirms());
    } else if (sample instanceof RaftMessage.ReadIndexReply m) {
      return new RaftMessage.ReadIndexReply(term, m.token(), m.confirmed(), m.index());
    } else if (sample instanceof RaftMessage.CopyRequest m) {
      return new RaftMessage.CopyRequest(term, m.index(), m.entryTerm());
    } else if (sample instanceof RaftMessage.Copy m) {
      return new RaftMessage.Copy(term, m.entry());
    } else if (sample instanceof RaftMessage.Attended) {
      return new RaftMessage.Attended(term, 1, 0, 0);
    } else if (sample instanceof RaftMessage.Rejoin m) {
      return new RaftMessage.Rejoin(term, m.token());
    } else if (sample instanceof RaftMessage.Rejoined m) {
      return new RaftMessage.Rejoined(term, m.token(), m.index());
    }
    throw new AssertionError(sample);
  }
}

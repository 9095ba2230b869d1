package io.quorate.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.raft.RaftMessage.Append;
import io.quorate.raft.RaftMessage.AppendRefused;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Dissertation §3.5: what a leader makes of refusals, sensible ones and others. */
class RefusalTest {
  private static final int SENT = 5;

  /** Member 2 has acknowledged all but the last five entries, which it was sent. */
  private static Group lagging() {
    Group group = Group.formed(3);
    group.replica(2).instantDisk(false);
    for (int i = 0; i < SENT; i++) {
      group.replica(1).propose("v" + i);
    }
    group.settle();
    return group;
  }

  @Test
  @DisplayName("R6: a refusal for an older term is of no session that a leader of this one has")
  void refusalsForAnOlderTermAreOfNoSession() {
    Group group = lagging();
    long term = group.replica(1).term();
    RaftReplica follower = group.replica(2);
    follower.receive(Group.member(3), new Append(term + 1, 1, 0, 0, List.of(), 0, 0));
    follower.sync();
    group.flights().clear();
    follower.receive(Group.member(1), new Append(term, 1, 5, 1, List.of(), 0, 0));
    AppendRefused refusal = (AppendRefused) group.messages(AppendRefused.class, 2, 1).get(0);
    assertEquals(term + 1, refusal.term());
    assertEquals(0, refusal.session());
  }

  @Test
  @DisplayName("R7: whatever is refused, the next entry is above what was acknowledged")
  void nextIsAboveMatch() {
    int tried = 0;
    for (long prev = 0; prev <= 8; prev++) {
      for (long last : new long[] {0, 2, 5, 9}) {
        for (long conflictTerm = 0; conflictTerm <= 2; conflictTerm++) {
          for (long conflict : new long[] {0, 2, 5}) {
            refuse(prev, last, conflictTerm, Math.min(conflict, prev));
            tried++;
          }
        }
      }
    }
    assertEquals(324, tried);
  }

  private static void refuse(long prev, long last, long conflictTerm, long conflictIndex) {
    Group group = lagging();
    RaftReplica leader = group.replica(1);
    long match = leader.last() - SENT;
    AppendRefused refusal =
        new AppendRefused(
            leader.term(), session(group), prev, last, conflictTerm, conflictIndex, 0);
    leader.receive(Group.member(2), refusal);
    group.pass(100 * Group.MILLI);
    leader.tick();
    List<RaftMessage> sent = group.messages(Append.class, 1, 2);
    assertTrue(!sent.isEmpty(), refusal::toString);
    for (RaftMessage message : sent) {
      assertTrue(((Append) message).prevIndex() >= match, () -> refusal + " -> " + message);
    }
    group.replica(2).instantDisk(true);
    group.run(Group.T / 2);
    assertEquals(leader.terms(), group.replica(2).terms());
    assertEquals(leader.commit(), group.replica(2).commit());
  }

  /** The session of the leader's last heartbeat to member 2. */
  private static long session(Group group) {
    group.pass(100 * Group.MILLI);
    group.replica(1).tick();
    List<RaftMessage> sent = group.messages(Append.class, 1, 2);
    group.flights().clear();
    return ((Append) sent.get(sent.size() - 1)).session();
  }
}

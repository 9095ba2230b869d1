package io.quorate.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.raft.RaftMessage.Answer;
import io.quorate.raft.RaftMessage.Append;
import io.quorate.raft.RaftMessage.AppendRefused;
import io.quorate.raft.RaftMessage.Appended;
import io.quorate.raft.RaftMessage.PreVote;
import io.quorate.raft.RaftMessage.PreVoteReply;
import io.quorate.raft.RaftMessage.VoteReply;
import io.quorate.spi.Entry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What every replica makes of every Append: role × term × leader's log × place × number. */
class AppendRelationsTest {
  enum InRole {
    FOLLOWER,
    PRE_CANDIDATE,
    CANDIDATE,
    LEADER
  }

  enum Terms {
    LOWER(-1),
    EQUAL(0),
    HIGHER(2);

    final int by;

    Terms(int by) {
      this.by = by;
    }
  }

  /** The follower holds 1 1 3 3 4; the leader one of these (Figure 3.6 and its like). */
  enum Leaders {
    EQUAL("1 1 3 3 4"),
    LONGER("1 1 3 3 4 4 5"),
    SHORTER("1 1 3"),
    CONFLICT_AT_THE_END("1 1 3 3 5"),
    CONFLICT_IN_THE_MIDDLE("1 1 2 2 2 2"),
    LONGER_CONFLICT("1 1 3 5 5 5 5");

    final String terms;

    Leaders(String terms) {
      this.terms = terms;
    }

    long[] terms() {
      return Arrays.stream(terms.split(" ")).mapToLong(Long::parseLong).toArray();
    }
  }

  private static RaftReplica inRole(Group group, InRole role) {
    RaftReplica replica = group.replica(1);
    replica.put(6, null, group.log(1, 1, 3, 3, 4));
    replica.start();
    if (role != InRole.FOLLOWER) {
      group.pass(2 * Group.T);
      replica.tick();
      PreVote asked = (PreVote) group.messages(PreVote.class, 1, 3).get(0);
      if (role != InRole.PRE_CANDIDATE) {
        replica.receive(Group.member(3), new PreVoteReply(6, asked.round(), Answer.GRANTED));
        replica.sync();
      }
      if (role == InRole.LEADER) {
        replica.receive(Group.member(3), new VoteReply(7, 7, Answer.GRANTED));
      }
    }
    replica.sync();
    group.flights().clear();
    return replica;
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  @Label("R2, R3, R18, R20, §3.5: an Append is taken over by the table")
  void append(
      @ForAll InRole role,
      @ForAll Terms terms,
      @ForAll Leaders leader,
      @ForAll @IntRange(min = 0, max = 6) int prev,
      @ForAll @IntRange(min = 0, max = 3) int count) {
    Group group = new Group(3, 1);
    RaftReplica replica = inRole(group, role);
    List<Entry> theirs = group.log(leader.terms());
    if (prev > theirs.size()) {
      return;
    }
    group.replica(2).put(6, null, theirs);
    group.replica(3).put(6, null, theirs);
    List<Entry> entries = List.copyOf(theirs.subList(prev, Math.min(theirs.size(), prev + count)));
    long term = replica.term() + terms.by;
    Append append =
        new Append(
            term, 9, prev, prev == 0 ? 0 : leader.terms()[prev - 1], entries, theirs.size(), 4);
    List<Long> before = replica.terms();

    if (terms == Terms.EQUAL && role == InRole.LEADER) {
      assertThrows(
          IllegalStateException.class, () -> replica.receive(Group.member(2), append), "R20");
      return;
    }
    replica.receive(Group.member(2), append);
    replica.sync();

    if (terms == Terms.LOWER) {
      AppendRefused refused = (AppendRefused) group.messages(AppendRefused.class, 1, 2).get(0);
      assertEquals(replica.term(), refused.term());
      assertEquals(before, replica.terms());
      return;
    }
    assertEquals("follower", replica.engine().status().role());
    assertEquals(2, replica.leader());
    assertEquals(term, replica.term());
    boolean matches =
        prev <= before.size() && (prev == 0 || before.get(prev - 1) == leader.terms()[prev - 1]);
    if (!matches) {
      AppendRefused refused = (AppendRefused) group.messages(AppendRefused.class, 1, 2).get(0);
      assertEquals(before, replica.terms());
      assertEquals(before.size(), refused.lastIndex());
      assertTrue(refused.conflictIndex() <= prev, "R18: a hint is below what was refused");
      assertEquals(4, refused.round());
      assertEquals(0, replica.commit());
      return;
    }
    assertEquals(naive(before, prev, entries), replica.terms());
    assertEquals(prev + entries.size(), replica.commit(), "R3: commit is capped by what is proven");
    List<RaftMessage> replies = group.messages(Appended.class, 1, 2);
    Appended last = (Appended) replies.get(replies.size() - 1);
    assertEquals(new Appended(term, 9, prev + entries.size(), prev + entries.size(), 4), last);
  }

  /** The dissertation's Figure 3.1, AppendEntries, receiver, steps 3 and 4, taken literally. */
  private static List<Long> naive(List<Long> log, int prev, List<Entry> entries) {
    List<Long> result = new ArrayList<>(log);
    for (int i = 0; i < entries.size(); i++) {
      int at = prev + i;
      long term = entries.get(i).stamp().high();
      if (at < result.size() && result.get(at) != term) {
        result.subList(at, result.size()).clear();
      }
      if (at >= result.size()) {
        result.add(term);
      }
    }
    return result;
  }
}

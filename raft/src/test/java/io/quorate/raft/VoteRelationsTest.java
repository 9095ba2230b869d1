package io.quorate.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.raft.RaftMessage.Answer;
import io.quorate.raft.RaftMessage.PreVote;
import io.quorate.raft.RaftMessage.PreVoteReply;
import io.quorate.raft.RaftMessage.RequestVote;
import io.quorate.raft.RaftMessage.VoteReply;
import io.quorate.spi.Member;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/** What every replica answers to every vote: role × term × log × vote given before, all of them. */
class VoteRelationsTest {
  enum InRole {
    FOLLOWER,
    FOLLOWER_THAT_HEARS,
    PRE_CANDIDATE,
    CANDIDATE,
    LEADER,
    FOLLOWER_OF_THE_SENDER
  }

  enum Relation {
    LOWER(-1),
    EQUAL(0),
    HIGHER(1),
    MUCH_HIGHER(7);

    final int by;

    Relation(int by) {
      this.by = by;
    }
  }

  enum Log {
    OLDER_TERM_LONGER(-1, 5),
    SAME_TERM_SHORTER(0, -1),
    EQUAL(0, 0),
    SAME_TERM_LONGER(0, 2),
    NEWER_TERM_SHORTER(1, -3);

    final int term;
    final int index;

    Log(int term, int index) {
      this.term = term;
      this.index = index;
    }

    boolean isOlder() {
      return this == OLDER_TERM_LONGER || this == SAME_TERM_SHORTER;
    }
  }

  enum Vote {
    NONE,
    FOR_THE_SENDER,
    FOR_ANOTHER
  }

  private static RaftReplica inRole(Group group, InRole role, Vote vote) {
    RaftReplica replica = group.replica(1);
    replica.put(5, before(vote), group.log(1, 1, 3, 3));
    replica.start();
    if (role == InRole.FOLLOWER_THAT_HEARS) {
      replica.receive(
          Group.member(3), new RaftMessage.Append(5, 1, 4, 3, java.util.List.of(), 0, 0));
    } else if (role == InRole.FOLLOWER_OF_THE_SENDER) {
      replica.receive(
          Group.member(2), new RaftMessage.Append(5, 1, 4, 3, java.util.List.of(), 0, 0));
    } else if (role != InRole.FOLLOWER) {
      group.pass(2 * Group.T);
      replica.tick();
      PreVote asked = (PreVote) group.messages(PreVote.class, 1, 3).get(0);
      if (role != InRole.PRE_CANDIDATE) {
        replica.receive(Group.member(3), new PreVoteReply(5, asked.round(), Answer.GRANTED));
        replica.sync();
      }
      if (role == InRole.LEADER) {
        replica.receive(Group.member(3), new VoteReply(6, 6, Answer.GRANTED));
      }
    }
    replica.sync();
    group.flights().clear();
    return replica;
  }

  private static @Nullable Member before(Vote vote) {
    return switch (vote) {
      case NONE -> null;
      case FOR_THE_SENDER -> Group.member(2);
      case FOR_ANOTHER -> Group.member(3);
    };
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  @Label("E5, E9, E10, E11, §3.4, §3.6.1, §4.2.3: RequestVote is answered by the table")
  void requestVote(
      @ForAll InRole role, @ForAll Relation terms, @ForAll Log log, @ForAll Vote vote) {
    Group group = new Group(3, 1);
    RaftReplica replica = inRole(group, role, vote);
    long term = replica.term();
    long asked = term + terms.by;
    Answer expected = expected(role, terms, log, vote);

    replica.receive(Group.member(2), request(replica, asked, log));
    if (expected == Answer.GRANTED && !(vote == Vote.FOR_THE_SENDER && terms == Relation.EQUAL)) {
      assertTrue(group.flights().isEmpty(), "E1: nothing is told before the vote is durable");
    }
    replica.sync();

    VoteReply reply = (VoteReply) group.messages(VoteReply.class, 1, 2).get(0);
    assertEquals(expected, reply.answer());
    assertEquals(asked, reply.election());
    boolean adopted = terms.by > 0 && expected != Answer.LEADER_HEARD;
    assertEquals(adopted ? asked : term, replica.term());
    assertEquals(replica.term(), replica.durableRecord().term());
    if (expected == Answer.GRANTED) {
      assertEquals(Group.member(2), replica.durableRecord().votedFor());
    }
    if (adopted) {
      assertEquals("follower", replica.engine().status().role());
    }
  }

  private static RequestVote request(RaftReplica replica, long term, Log log) {
    return new RequestVote(
        term, replica.last() + log.index, replica.stampAt(replica.last()).high() + log.term);
  }

  private static Answer expected(InRole role, Relation terms, Log log, Vote vote) {
    if (terms == Relation.LOWER) {
      return Answer.TERM_OLDER;
    }
    if (terms != Relation.EQUAL) {
      if (role == InRole.FOLLOWER_THAT_HEARS || role == InRole.LEADER) {
        return Answer.LEADER_HEARD;
      }
    } else if (role == InRole.CANDIDATE || role == InRole.LEADER || vote == Vote.FOR_ANOTHER) {
      return Answer.VOTE_SPENT;
    }
    return log.isOlder() ? Answer.LOG_OLDER : Answer.GRANTED;
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  @Label("E5, E6, E7: PreVote is answered by the table and changes nothing that persists")
  void preVote(@ForAll InRole role, @ForAll Relation terms, @ForAll Log log, @ForAll Vote vote) {
    Group group = new Group(3, 1);
    RaftReplica replica = inRole(group, role, vote);
    long term = replica.term();
    int saves = replica.saves();
    String before = replica.durableRecord().toString();
    RequestVote asked = request(replica, term + terms.by, log);

    replica.receive(
        Group.member(2), new PreVote(asked.term(), 77, asked.lastIndex(), asked.lastTerm()));

    PreVoteReply reply = (PreVoteReply) group.messages(PreVoteReply.class, 1, 2).get(0);
    Answer expected = log.isOlder() ? Answer.LOG_OLDER : Answer.GRANTED;
    if (role == InRole.FOLLOWER_THAT_HEARS || role == InRole.LEADER) {
      expected = Answer.LEADER_HEARD;
    }
    if (terms == Relation.LOWER) {
      expected = Answer.TERM_OLDER;
    }
    assertEquals(expected, reply.answer());
    assertEquals(term, reply.term(), "E7: the answer tells the voter's term");
    assertEquals(77, reply.round());
    replica.sync();
    assertEquals(saves, replica.saves(), "E5: a pre-vote saves nothing");
    assertEquals(before, replica.durableRecord().toString());
    assertEquals(term, replica.term());
  }
}

package io.quorate.paxos;

import io.quorate.paxos.PaxosMessage.Poll;
import io.quorate.paxos.PaxosMessage.PollReply;
import io.quorate.paxos.PaxosMessage.Prepare;
import io.quorate.paxos.PaxosMessage.Promise;
import java.util.List;

/** What a replica may be doing when a message comes; all that it has written is durable. */
enum InRole {
  IDLE,
  PREPARING,
  LEADING;

  /** Starts a member of a formed group and takes it there; nothing of what it sent is left. */
  PaxosReplica begin(Group group, int id) {
    PaxosReplica replica = group.replica(id);
    replica.start();
    if (this != IDLE) {
      group.expire(id);
      int voters = group.replicas().size();
      Poll poll = (Poll) group.flights().get(0).message();
      for (int other = 1; other <= voters; other++) {
        if (other != id) {
          replica.receive(Group.member(other), new PollReply(poll.token(), true, 0));
        }
      }
      group.flights().clear();
      replica.sync();
    }
    if (this == LEADING) {
      Prepare prepare = asked(group);
      for (int other = 1; other <= group.replicas().size() / 2 + 1; other++) {
        if (other != id) {
          replica.receive(Group.member(other), promise(prepare));
        }
      }
      replica.sync();
    }
    group.flights().clear();
    return replica;
  }

  /** The Prepare that is on its way. */
  static Prepare asked(Group group) {
    return (Prepare) group.flights().get(0).message();
  }

  /** The whole promise of an acceptor that has accepted nothing above slot 3. */
  static Promise promise(Prepare prepare) {
    return new Promise(
        prepare.ballot(),
        prepare.attempt(),
        Ballot.NONE,
        0,
        true,
        3,
        true,
        true,
        List.of(),
        List.of(),
        List.of());
  }
}

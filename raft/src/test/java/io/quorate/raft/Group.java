package io.quorate.raft;

import io.quorate.spi.Check;
import io.quorate.spi.Entry;
import io.quorate.spi.Lead;
import io.quorate.spi.Payload;
import io.quorate.spi.Stamp;
import io.quorate.testkit.engine.EngineGroup;
import java.util.ArrayList;
import java.util.List;

/** Several Raft engines. Checks beside what holds for all that leaders are complete, logs match. */
final class Group extends EngineGroup<RaftMessage, RaftReplica> {
  Group(int voters, long seed) {
    this(voters, seed, 0);
  }

  private Group(int voters, long seed, long leaseMillis) {
    super(Raft.protocol(), new RaftWitness(), voters, seed, leaseMillis);
    for (int id = 1; id <= voters; id++) {
      add(new RaftReplica(this, member(id)));
    }
  }

  /** A started group whose disks are instant. */
  static Group started(int voters) {
    Group group = new Group(voters, 42);
    group.replicas().forEach(replica -> replica.instantDisk(true));
    group.start();
    return group;
  }

  /** A started group whose disks are instant, with leases. */
  static Group withLeases(int voters, long leaseMillis) {
    Group group = new Group(voters, 42, leaseMillis);
    group.replicas().forEach(replica -> replica.instantDisk(true));
    group.start();
    return group;
  }

  /** A formed group with an open leader; all is delivered. */
  static Group formed(int voters) {
    Group group = started(voters);
    group.elect(1);
    group.settle();
    return group;
  }

  /** A group whose logs are formed and equal, all followers of term 3 without a leader. */
  static Group quiet(int voters) {
    Group group = new Group(voters, 7);
    group.replicas().forEach(replica -> replica.put(3, null, group.log(1, 1, 1, 3)));
    group.start();
    return group;
  }

  /** FOUNDING and then entries of these terms; the first term is FOUNDING's. */
  List<Entry> log(long... terms) {
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < terms.length; i++) {
      Stamp stamp = new Stamp(terms[i], 0);
      if (i == 0) {
        entries.add(new Entry(1, 1, Entry.Kind.FOUNDING, stamp, founded().encode()));
      } else if (terms[i] != terms[i - 1]) {
        entries.add(new Entry(1, i + 1, Entry.Kind.LEAD, stamp, new Lead(1, stamp).encode()));
      } else {
        Payload value = Payload.of(new byte[] {(byte) i, (byte) terms[i]});
        entries.add(new Entry(1, i + 1, Entry.Kind.BATCH, stamp, value));
      }
    }
    return entries;
  }

  /** Becomes a candidate whose own vote waits for the disk. */
  RaftReplica standing(int id) {
    expire(id);
    deliver(RaftMessage.PreVote.class);
    deliver(RaftMessage.PreVoteReply.class);
    return replica(id);
  }

  // ---- what must always hold ----

  /** IR4: a leader has all that is committed. */
  @Override
  protected void elected(RaftReplica leader) {
    for (Entry entry : committedEntries()) {
      Check.that(
          entry.index() <= leader.base().index()
              || (leader.holds(entry.index()) && leader.entry(entry.index()).equals(entry)),
          "IR4 leader completeness: " + leader + " " + entry);
    }
  }

  /** IR3: two logs that agree on an index and its term agree on all before. */
  @Override
  protected void compareLogs() {
    for (RaftReplica a : replicas()) {
      for (RaftReplica b : replicas()) {
        boolean equal = false;
        for (long i = Math.min(a.last(), b.last()); i >= 1; i--) {
          boolean same = a.entry(i).equals(b.entry(i));
          Check.that(same || !equal, "IR3 log matching " + a + " " + b, i, 0);
          boolean sameTerm = a.entry(i).stamp().equals(b.entry(i).stamp());
          Check.that(same || !sameTerm, "IR3 one entry for an index and term " + a + " " + b, i, 0);
          equal = same;
        }
      }
    }
  }
}

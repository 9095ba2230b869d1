package io.quorate.paxos;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.paxos.PaxosMessage.Poll;
import io.quorate.paxos.PaxosMessage.PollReply;
import io.quorate.paxos.PaxosMessage.Prepare;
import io.quorate.paxos.PaxosMessage.Promise;
import io.quorate.spi.Entry;
import io.quorate.spi.Lead;
import io.quorate.spi.Payload;
import io.quorate.testkit.engine.EngineGroup;
import java.util.ArrayList;
import java.util.List;

/** Several Multi-Paxos engines. */
final class Group extends EngineGroup<PaxosMessage, PaxosReplica> {
  /** In whose ballot all stands that {@link #chosen} is. */
  static final Ballot FIRST = new Ballot(1, 1);

  Group(int voters, long seed) {
    this(voters, seed, 0);
  }

  private Group(int voters, long seed, long leaseMillis) {
    super(MultiPaxos.protocol(), new PaxosWitness(), voters, seed, leaseMillis);
    for (int id = 1; id <= voters; id++) {
      add(new PaxosReplica(this, member(id)));
    }
  }

  /** A started group whose disks are instant. */
  static Group started(int voters) {
    Group group = new Group(voters, 42);
    group.instantDisks();
    group.start();
    return group;
  }

  /** A started group whose disks are instant, with leases. */
  static Group withLeases(int voters, long leaseMillis) {
    Group group = new Group(voters, 42, leaseMillis);
    group.instantDisks();
    group.start();
    return group;
  }

  /** A formed group, which member 1 leads; all is delivered. */
  static Group formed(int voters) {
    Group group = started(voters);
    group.elect(1);
    group.settle();
    return group;
  }

  /** Not started: a formed group in which all know that the slots up to there are chosen. */
  static Group quiet(int voters, long chosenTo) {
    Group group = new Group(voters, 7);
    group.replicas().forEach(replica -> replica.put(FIRST, chosenTo, group.chosen(chosenTo)));
    return group;
  }

  void instantDisks() {
    replicas().forEach(replica -> replica.instantDisk(true));
  }

  /** FOUNDING, Lead, and then a batch {@code c3} in slot 3 and so on. */
  List<Entry> chosen(long to) {
    List<Entry> slots = new ArrayList<>();
    slots.add(new Entry(1, 1, Entry.Kind.FOUNDING, FIRST.stamp(), founded().encode()));
    slots.add(new Entry(1, 2, Entry.Kind.LEAD, FIRST.stamp(), new Lead(1, FIRST.stamp()).encode()));
    for (long slot = 3; slot <= to; slot++) {
      slots.add(batch(slot, FIRST, "c" + slot));
    }
    return slots;
  }

  /** What is {@link #chosen}, and more. */
  List<Entry> chosenAnd(long to, Entry... more) {
    List<Entry> slots = new ArrayList<>(chosen(to));
    slots.addAll(List.of(more));
    return slots;
  }

  static Entry batch(long slot, Ballot ballot, String value) {
    Payload payload = Payload.of(value.getBytes(UTF_8));
    return new Entry(1, slot, Entry.Kind.BATCH, ballot.stamp(), payload);
  }

  /** Asks for a ballot: its poll is won, and the promise to itself waits for its disk. */
  PaxosReplica standing(int id) {
    expire(id);
    deliver(Poll.class);
    deliver(PollReply.class);
    return replica(id);
  }

  /** Has asked for promises: the own is durable, and the others' are on their way to it. */
  PaxosReplica preparing(int id) {
    standing(id).sync();
    deliver(Prepare.class);
    replicas().forEach(PaxosReplica::sync);
    return replica(id);
  }

  /** Leads a ballot in which nobody has received an Accept. */
  PaxosReplica leading(int id) {
    preparing(id);
    deliver(Promise.class);
    return replica(id);
  }
}

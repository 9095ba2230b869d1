package io.quorate.raft;

import io.quorate.spi.Check;
import io.quorate.spi.Configuration;
import io.quorate.spi.Entry;
import io.quorate.spi.Member;
import io.quorate.spi.Quorum;
import io.quorate.spi.Stamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * Several engines with a network and a clock that the test moves by hand. Checks after every effect
 * what must always hold: one leader a term, durable before told, committed never lost.
 */
final class Group {
  static final long MILLI = 1_000_000;
  static final long T = 1_000 * MILLI;

  /** A message on its way. */
  record Flight(Member from, int to, RaftMessage message) {}

  final Raft protocol = Raft.protocol();
  final Random random;
  final Configuration founding;
  final List<Node> nodes = new ArrayList<>();
  final List<Flight> flights = new ArrayList<>();
  final List<Flight> history = new ArrayList<>();
  final TreeSet<Integer> isolated = new TreeSet<>();
  final TreeMap<Long, Integer> leaders = new TreeMap<>();
  final List<Entry> committed = new ArrayList<>();
  private final TreeMap<Long, Long> readFloors = new TreeMap<>();
  boolean recording;
  long now = -5 * MILLI; // A monotonic clock may begin below zero.

  Group(int voters, long seed) {
    random = new Random(seed);
    founding = Node.founding(voters);
    for (int id = 1; id <= voters; id++) {
      nodes.add(new Node(this, member(id)));
    }
  }

  /** A started group whose disks are instant. */
  static Group started(int voters) {
    Group group = new Group(voters, 42);
    group.nodes.forEach(node -> node.autoDurable = true);
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
    group.nodes.forEach(node -> node.put(3, null, group.log(1, 1, 1, 3)));
    group.start();
    return group;
  }

  static Member member(int id) {
    return new Member(id, 1000 + id);
  }

  /** FOUNDING and then entries of these terms; the first term is FOUNDING's. */
  List<Entry> log(long... terms) {
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < terms.length; i++) {
      Stamp stamp = new Stamp(terms[i], 0);
      boolean first = i == 0 || terms[i] != terms[i - 1];
      if (i == 0) {
        List<Member> members = nodes.stream().map(node -> node.self).toList();
        entries.add(
            new Entry(1, 1, Entry.Kind.FOUNDING, stamp, founding.withMembers(members).encode()));
      } else {
        entries.add(
            new Entry(
                1,
                i + 1,
                first ? Entry.Kind.LEAD : Entry.Kind.BATCH,
                stamp,
                first
                    ? new io.quorate.spi.Lead(1, stamp).encode()
                    : io.quorate.spi.Payload.of(new byte[] {(byte) i, (byte) terms[i]})));
      }
    }
    return entries;
  }

  void start() {
    nodes.forEach(
        node -> {
          node.engine.start(now, node);
          if (node.autoDurable) {
            node.sync();
          }
        });
  }

  Node node(int id) {
    return nodes.get(id - 1);
  }

  // ---- moving things ----

  void deliver(Flight flight) {
    Node to = node(flight.to());
    if (to.up && !isCut(flight)) {
      to.receive(flight.from(), flight.message());
      observe();
    }
  }

  private boolean isCut(Flight flight) {
    return isolated.contains(flight.to()) != isolated.contains(flight.from().id());
  }

  /** Delivers all in order until nothing moves. */
  void settle() {
    int steps = 0;
    while (!flights.isEmpty() || nodes.stream().anyMatch(node -> !node.fetches.isEmpty())) {
      Check.that(++steps < 1_000_000, "the group settles");
      if (!flights.isEmpty()) {
        deliver(flights.remove(0));
      }
      for (Node node : nodes) {
        while (!node.fetches.isEmpty()) {
          node.answerFetch();
        }
      }
    }
  }

  /** Delivers and removes the messages that fit, once each. */
  void deliver(Predicate<Flight> which) {
    List<Flight> chosen = flights.stream().filter(which).toList();
    flights.removeAll(chosen);
    chosen.forEach(this::deliver);
  }

  void drop(Predicate<Flight> which) {
    flights.removeIf(which);
  }

  /** Time passes and everything is delivered at once. */
  void run(long nanos) {
    long end = now + nanos;
    runUntil(() -> false, end);
    now = end;
  }

  /** Steps from deadline to deadline, until the condition holds or time is over. */
  boolean runUntil(BooleanSupplier condition, long end) {
    settleAll();
    while (!condition.getAsBoolean()) {
      long next = end;
      for (Node node : nodes) {
        if (node.up && node.engine.deadline() - next < 0) {
          next = node.engine.deadline();
        }
      }
      if (next - end >= 0) {
        return condition.getAsBoolean();
      }
      now = Math.max(now, next);
      for (Node node : nodes) {
        if (node.up && node.engine.deadline() - now <= 0) {
          node.tick();
          observe();
        }
      }
      settleAll();
    }
    return true;
  }

  private void settleAll() {
    do {
      settle();
      for (Node node : nodes) {
        if (node.up) {
          node.sync();
        }
      }
      observe();
    } while (!flights.isEmpty());
  }

  /** Makes that node's timer the first to fire, and lets it win; others' timers stay. */
  void elect(int id) {
    Node node = node(id);
    now += T + T / 4 + MILLI;
    node.tick();
    observe();
    settleAll();
    Check.that(node.leads(), "the chosen one leads: " + node.engine.status());
  }

  /** Its election timer fires. */
  void expire(int id) {
    now += T + T / 4 + 1;
    node(id).tick();
  }

  /** Becomes a candidate whose own vote waits for the disk. */
  Node standing(int id) {
    expire(id);
    deliver(flight -> flight.message() instanceof RaftMessage.PreVote);
    deliver(flight -> flight.message() instanceof RaftMessage.PreVoteReply);
    return node(id);
  }

  void isolate(int id) {
    isolated.add(id);
  }

  void heal() {
    isolated.clear();
  }

  Node leader() {
    return nodes.stream()
        .filter(Node::leads)
        .max((a, b) -> Long.compare(a.term(), b.term()))
        .orElseThrow();
  }

  List<RaftMessage> messages(Class<? extends RaftMessage> kind, int from, int to) {
    return flights.stream()
        .filter(flight -> flight.from().id() == from && flight.to() == to)
        .map(Flight::message)
        .filter(kind::isInstance)
        .toList();
  }

  void read(Node node, long id) {
    readFloors.put(id, (long) committed.size());
    node.read(id);
  }

  // ---- what must always hold ----

  /** Election safety (IR1); a leader has all that is committed (IR4). */
  void observe() {
    for (Node node : nodes) {
      if (!node.leads()) {
        continue;
      }
      Integer known = leaders.putIfAbsent(node.term(), node.self.id());
      if (known == null) {
        for (Entry entry : committed) {
          Check.that(
              entry.index() > lastOf(node) || node.entry(entry.index()).equals(entry),
              "IR4 leader completeness: " + node + " " + entry);
          Check.that(entry.index() <= lastOf(node), "IR4 leader completeness", entry.index(), 0);
        }
      } else {
        Check.that(known == node.self.id(), "IR1 two leaders in term " + node.term());
      }
    }
  }

  private static long lastOf(Node node) {
    return node.last();
  }

  /** IR3: two logs that agree on an index and its term agree on all before. */
  void checkLogMatching() {
    for (Node a : nodes) {
      for (Node b : nodes) {
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

  void sent(Node from, int to, RaftMessage message) {
    checkDurable(from, to, message);
    Flight flight = new Flight(from.self, to, message);
    flights.add(flight);
    if (recording) {
      history.add(flight);
    }
  }

  /** ID1: what is testified stands in the durable image. */
  private void checkDurable(Node from, int to, RaftMessage message) {
    RaftRecord record = from.durableRecord();
    if (message instanceof RaftMessage.VoteReply reply
        && reply.answer() == RaftMessage.Answer.GRANTED) {
      Check.that(
          record.term() == reply.term() && member(to).equals(record.votedFor()),
          "ID1 a vote is durable before it is told (E1): " + from + " " + record);
    } else if (message instanceof RaftMessage.RequestVote request) {
      Check.that(
          record.term() == request.term() && from.self.equals(record.votedFor()),
          "ID1 the own vote is durable before it is told (E2)");
    } else if (message instanceof RaftMessage.Appended reply) {
      Check.that(record.term() == reply.term(), "ID1 the term of an acknowledgement is durable");
      for (long i = Math.max(1, reply.match() - 5); i <= reply.match(); i++) {
        Check.that(
            from.holdsDurably(from.entry(i)), "ID1 acknowledged before durable " + from, i, 0);
      }
    }
  }

  /** IR5, and "committed is on a quorum of durable images". */
  void committed(Node node, long index) {
    for (long i = 1; i <= index; i++) {
      Entry entry = node.entry(i);
      if (i <= committed.size()) {
        Check.that(
            committed.get((int) i - 1).equals(entry), "IR5 " + node + " commits another", i, 0);
        continue;
      }
      long copies = nodes.stream().filter(copy -> copy.holdsDurably(entry)).count();
      Check.that(
          Quorum.isMajority((int) copies, nodes.size()),
          "IR5 committed is durable on a quorum",
          i,
          0);
      committed.add(entry);
    }
  }

  void truncated(Node node, long from) {
    Check.that(from > node.commit, "committed entries are never removed", from, node.commit);
  }

  /** A read sees all that was committed anywhere when it was asked for. */
  void readable(Node node, long id, long index) {
    Long floor = readFloors.get(id);
    Check.that(
        floor == null || index >= floor,
        "a stale read on " + node,
        index,
        floor == null ? 0 : floor);
  }
}

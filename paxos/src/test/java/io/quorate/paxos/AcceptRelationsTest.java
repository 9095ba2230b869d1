package io.quorate.paxos;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quorate.paxos.PaxosMessage.Accept;
import io.quorate.paxos.PaxosMessage.AcceptNack;
import io.quorate.paxos.PaxosMessage.Accepted;
import io.quorate.spi.Entry;
import io.quorate.testkit.engine.EngineGroup.Flight;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What every acceptor makes of every Accept: role × ballot × slots × what is held there. */
class AcceptRelationsTest {
  @Property(generation = GenerationMode.EXHAUSTIVE)
  @Label("P1a, P4, IP6, IP9: an Accept is taken over by the table")
  void accept(
      @ForAll InRole role,
      @ForAll @IntRange(min = -1, max = 1) int round,
      @ForAll boolean fromAbove,
      @ForAll @IntRange(min = 1, max = 3) int promisedMember,
      @ForAll PrepareRelationsTest.Held held,
      @ForAll @IntRange(min = 2, max = 7) int first,
      @ForAll @IntRange(min = 1, max = 3) int count) {
    Group group = Group.quiet(3, 3);
    Ballot saved = new Ballot(5, promisedMember);
    Entry five = Group.batch(5, new Ballot(4, 1), "five");
    List<Entry> slots = group.chosenAnd(3, five);
    if (held != PrepareRelationsTest.Held.NOTHING) {
      boolean isLower = held == PrepareRelationsTest.Held.LOWER;
      Ballot ballot = isLower ? new Ballot(3, 3) : saved;
      slots = group.chosenAnd(3, Group.batch(4, ballot, "four"), five);
    }
    group.replica(2).put(saved, 3, slots);
    PaxosReplica acceptor = role.begin(group, 2);
    int sender = fromAbove ? 3 : 1;
    Ballot promised = acceptor.promised();
    Ballot ballot = new Ballot(promised.round() + round, sender);
    boolean allowed = 10 * ballot.round() + sender >= 10 * promised.round() + promised.member();
    List<Entry> entries = proposed(acceptor, ballot, first, count);
    List<String> before = acceptor.slots();
    String roleBefore = acceptor.role();

    acceptor.receive(Group.member(sender), new Accept(ballot, 9, entries, 3, 0, true));
    acceptor.sync();

    if (!allowed) {
      assertEquals(
          List.of(new AcceptNack(ballot, promised)),
          group.flights().stream().map(Flight::message).toList());
      assertEquals(before, acceptor.slots());
      assertEquals(promised, acceptor.promised());
      assertEquals(roleBefore, acceptor.role());
      return;
    }
    assertEquals(ballot, acceptor.promised());
    assertEquals(ballot, acceptor.durableRecord().promised());
    assertEquals("follower", acceptor.role());
    assertEquals(sender, acceptor.leader());
    assertEquals(overwritten(before, entries), acceptor.slots());
    TreeSet<Long> told = new TreeSet<>();
    for (PaxosMessage message : group.messages(Accepted.class, 2, sender)) {
      Accepted accepted = (Accepted) message;
      assertEquals(ballot, accepted.ballot());
      accepted.accepted().forEach(range -> addAll(range, told));
      assertEquals(List.of(), accepted.missing());
    }
    assertEquals(new TreeSet<>(entries.stream().map(Entry::index).toList()), told);
    List<PaxosMessage> answers = group.messages(Accepted.class, 2, sender);
    assertEquals(9, ((Accepted) answers.get(answers.size() - 1)).sequence());
  }

  private static void addAll(SlotRange range, Set<Long> to) {
    for (long slot = range.from(); slot <= range.to(); slot++) {
      to.add(slot);
    }
  }

  /** What was chosen, or proposed in that ballot before, keeps its value; else it is a new one. */
  private static List<Entry> proposed(PaxosReplica acceptor, Ballot ballot, int first, int count) {
    List<Entry> entries = new ArrayList<>();
    for (long slot = first; slot < first + count; slot++) {
      boolean keeps =
          slot <= 3 || (acceptor.holds(slot) && acceptor.stampAt(slot).equals(ballot.stamp()));
      Entry held = keeps ? acceptor.entry(slot) : Group.batch(slot, ballot, "new");
      entries.add(new Entry(1, slot, held.kind(), ballot.stamp(), held.value()));
    }
    return entries;
  }

  /** Each slot by itself: the last value accepted. */
  private static List<String> overwritten(List<String> before, List<Entry> entries) {
    TreeMap<Long, String> slots = new TreeMap<>();
    before.forEach(said -> slots.put(Long.parseLong(said.split(" ", 2)[0]), said));
    entries.forEach(entry -> slots.put(entry.index(), PaxosReplica.said(entry)));
    return List.copyOf(slots.values());
  }
}

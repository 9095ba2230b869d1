package io.quorate.paxos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quorate.spi.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ProposalsTest {
  private static final Ballot BALLOT = new Ballot(3, 1);
  private static final int SLOTS = 300;

  /** What a leader of that many knows of a slot, written down in the plainest way. */
  private static final class Model {
    final TreeMap<Long, Entry> proposed = new TreeMap<>();
    final TreeMap<Long, TreeSet<Integer>> acceptedBy = new TreeMap<>();
    final TreeSet<Long> needless = new TreeSet<>();
    final int voters;
    long first = 1;
    long next = 1;

    Model(int voters) {
      this.voters = voters;
    }

    boolean isCounted(long slot) {
      return acceptedBy.getOrDefault(slot, new TreeSet<>()).size() * 2 > voters;
    }

    boolean isChosen(long slot) {
      return needless.contains(slot) || isCounted(slot);
    }
  }

  private final List<Entry> entries = new ArrayList<>();

  /** A learner that holds all slots; which are chosen is told by the proposals alone. */
  private Learner learner() {
    Group group = new Group(3, 1);
    entries.clear();
    for (long slot = 1; slot <= SLOTS; slot++) {
      entries.add(Group.batch(slot, BALLOT, "v" + slot));
    }
    group.replica(1).put(BALLOT, 0, entries);
    return new Learner(group.replica(1).engine(), group.replica(1).engine().slots, 0);
  }

  @Property(tries = 100)
  @Label("IP3: who has accepted what, slot by slot, against the plainest book-keeping")
  void againstABook(@ForAll @IntRange(min = 1, max = 5) int voters, @ForAll long seed) {
    Random random = new Random(seed);
    Learner learner = learner();
    Proposals proposals = new Proposals(1, voters);
    Model model = new Model(voters);
    for (int step = 0; step < 120; step++) {
      int draw = random.nextInt(10);
      if (draw < 5 && model.next < SLOTS) {
        for (int burst = random.nextInt(3) == 0 ? 30 : 1; burst > 0; burst--) {
          propose(proposals, model, random.nextInt(8) == 0);
        }
      } else if (draw < 9) {
        long from = 1 + random.nextLong(model.next + 3);
        SlotRange slots = new SlotRange(from, from + random.nextInt(20));
        int place = random.nextInt(voters);
        proposals.accepted(place, slots);
        proposals.choose(slots.from(), slots.to(), learner);
        for (long slot = Math.max(from, model.first); slot < model.next; slot++) {
          if (slots.contains(slot)) {
            model.acceptedBy.computeIfAbsent(slot, none -> new TreeSet<>()).add(place);
          }
        }
      } else {
        proposals.dropChosen();
        while (model.first < model.next && model.isChosen(model.first)) {
          model.first++;
        }
      }
      compare(proposals, model, learner);
    }
  }

  private void propose(Proposals proposals, Model model, boolean isNeedless) {
    if (model.next >= SLOTS) {
      return;
    }
    long slot = model.next++;
    if (isNeedless) {
      model.needless.add(slot);
      proposals.addChosen();
    } else {
      model.proposed.put(slot, entries.get((int) slot - 1));
      proposals.add(entries.get((int) slot - 1));
    }
  }

  private static void compare(Proposals proposals, Model model, Learner learner) {
    assertEquals(model.first, proposals.first());
    assertEquals(model.next, proposals.next());
    for (long slot = 1; slot < model.next + 2; slot++) {
      boolean counted = model.isCounted(slot) && !model.needless.contains(slot);
      assertEquals(counted, learner.isChosen(slot), "slot " + slot);
      for (int place = 0; place < model.voters; place++) {
        boolean has = model.acceptedBy.getOrDefault(slot, new TreeSet<>()).contains(place);
        Entry expected = slot < model.first || has ? null : model.proposed.get(slot);
        assertSame(expected, proposals.lackedBy(place, slot), "slot " + slot);
      }
    }
  }

  @Test
  @DisplayName("a leader fills slot after slot, and leaves none out")
  void inOrder() {
    Proposals proposals = new Proposals(4, 3);
    assertThrows(IllegalStateException.class, () -> proposals.add(Group.batch(5, BALLOT, "early")));
    proposals.add(Group.batch(4, BALLOT, "v"));
    assertThrows(IllegalStateException.class, () -> proposals.add(Group.batch(4, BALLOT, "v")));
    assertNull(proposals.lackedBy(0, 3));
    assertNull(proposals.lackedBy(0, 5));
  }
}

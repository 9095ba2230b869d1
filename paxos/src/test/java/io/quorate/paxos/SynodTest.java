package io.quorate.paxos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.paxos.Synod.Report;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** "Paxos Made Simple" §2.2, sentence by sentence, for all relations of what is compared. */
class SynodTest {
  /** All ballots of three rounds and three members, and none. */
  @Provide
  Arbitrary<Ballot> ballots() {
    List<Ballot> all = new ArrayList<>(List.of(Ballot.NONE));
    for (int round = 1; round <= 3; round++) {
      for (int member = 1; member <= 3; member++) {
        all.add(new Ballot(round, member));
      }
    }
    return Arbitraries.of(all);
  }

  private static boolean isGreater(Ballot one, Ballot other) {
    return 10 * one.round() + one.member() > 10 * other.round() + other.member();
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  @Label(
      "P1a: a proposal numbered n is accepted unless a prepare request with a greater number was"
          + " answered")
  void accepts(@ForAll("ballots") Ballot promised, @ForAll("ballots") Ballot proposed) {
    assertEquals(!isGreater(promised, proposed), Synod.mayAccept(promised, proposed));
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  @Label("a prepare request is answered if its number is no less than any that was")
  void promises(@ForAll("ballots") Ballot promised, @ForAll("ballots") Ballot asked) {
    assertEquals(!isGreater(promised, asked), Synod.mayPromise(promised, asked));
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  @Label("P4: whatever is promised or accepted, the promise is the greatest number of all")
  void raises(
      @ForAll("ballots") Ballot promised,
      @ForAll("ballots") Ballot seen,
      @ForAll("ballots") Ballot later) {
    Ballot greatest = isGreater(seen, promised) ? seen : promised;
    assertEquals(greatest, Synod.raised(promised, seen));
    assertEquals(
        Synod.raised(Synod.raised(promised, seen), later),
        Synod.raised(Synod.raised(promised, later), seen),
        "in whatever order they come");
    assertTrue(
        !Synod.mayAccept(Synod.raised(promised, seen), later) || !isGreater(seen, later),
        "what is below is refused from then on");
  }

  // ---- P2c ----

  /** What an acceptor may say of a slot: ballot, whether it knows it to be chosen, the value. */
  @Provide
  Arbitrary<Report> reports() {
    return Combinators.combine(
            Arbitraries.of(new Ballot(1, 2), new Ballot(2, 1), new Ballot(2, 2), new Ballot(3, 1)),
            Arbitraries.of(true, false),
            Arbitraries.of("v", "w"))
        .as((ballot, chosen, value) -> new Report(Group.batch(7, ballot, value), chosen));
  }

  /** Whether three acceptors can say this of one slot: one value a ballot, and P2b. */
  private static boolean isPossible(List<Report> reports) {
    for (Report one : reports) {
      for (Report other : reports) {
        boolean bound =
            one.ballot().equals(other.ballot())
                || (one.chosen() && (other.chosen() || isGreater(other.ballot(), one.ballot())));
        if (bound && !valueOf(one).equals(valueOf(other))) {
          return false;
        }
      }
    }
    return true;
  }

  private static String valueOf(Report report) {
    return PaxosReplica.said(report.entry()).replaceAll("@.*", "");
  }

  /** P2c as it stands, and before that: what is chosen is chosen. */
  private static String naive(List<Report> reports) {
    for (Report report : reports) {
      if (report.chosen()) {
        return valueOf(report);
      }
    }
    Report highest = reports.get(0);
    for (Report report : reports) {
      highest = isGreater(report.ballot(), highest.ballot()) ? report : highest;
    }
    return valueOf(highest);
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  @Label(
      "P2c, P5, P7: the value chosen, or else of the highest-numbered proposal, in whatever order"
          + " and groups the reports come")
  void choosesTheValue(
      @ForAll("reports") Report a, @ForAll("reports") Report b, @ForAll("reports") Report c) {
    if (!isPossible(List.of(a, b, c))) {
      return;
    }
    String expected = naive(List.of(a, b, c));
    for (List<Report> order :
        List.of(
            List.of(a, b, c),
            List.of(a, c, b),
            List.of(b, a, c),
            List.of(b, c, a),
            List.of(c, a, b),
            List.of(c, b, a))) {
      Report best = null;
      for (Report report : order) {
        best = Synod.weightier(best, report);
      }
      assertEquals(expected, valueOf(Synod.weightier(best, order.get(0))), "told twice");
      Report last = Synod.weightier(order.get(1), order.get(2));
      assertEquals(expected, valueOf(Synod.weightier(order.get(0), last)), "in other groups");
    }
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  @Label("P7: a report of a chosen value outweighs all others, whatever the ballots")
  void chosenOutweighs(@ForAll("reports") Report one, @ForAll("reports") Report other) {
    Report weightier = Synod.weightier(one, other);
    assertEquals(one.chosen() || other.chosen(), weightier.chosen());
    if (one.chosen() == other.chosen()) {
      assertTrue(
          !isGreater(one.ballot(), weightier.ballot())
              && !isGreater(other.ballot(), weightier.ballot()));
    }
  }

  // ---- majorities ----

  @Property(generation = GenerationMode.EXHAUSTIVE)
  @Label("a value is chosen when a majority has accepted it, and any two majorities meet")
  void majorities(
      @ForAll @IntRange(min = 1, max = 6) int voters,
      @ForAll @IntRange(min = 0, max = 63) int acceptors,
      @ForAll @IntRange(min = 0, max = 63) int others) {
    int all = (1 << voters) - 1;
    Set<Integer> places = new HashSet<>();
    for (int place = 0; place < voters; place++) {
      if ((acceptors >> place) % 2 == 1) {
        places.add(place);
      }
    }
    boolean chosen = Synod.isChosen(acceptors & all, voters);
    assertEquals(places.size() > voters - places.size(), chosen);
    if (chosen && Synod.isChosen(others & all, voters)) {
      assertTrue((acceptors & others & all) != 0);
    }
  }
}

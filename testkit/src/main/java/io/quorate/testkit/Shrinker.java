package io.quorate.testkit;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Leaves out of a seed that fails what it fails without: steps behind the failure, then faults,
 * then calls, in ever smaller parts (delta debugging). What is left breaks the same rule.
 */
final class Shrinker {
  private static final int STEPS_MAX = 400_000;

  private final Function<Selection, @Nullable SimFailure> run;
  private String rule = "";
  private int tries;
  private long steps;

  /** With what runs a selection and says how it fails. */
  Shrinker(Function<Selection, @Nullable SimFailure> run) {
    this.run = run;
  }

  /** A selection that fails still, and has nothing left that one try at a time finds needless. */
  Selection shrink(Selection from) {
    SimFailure failure = run.apply(from);
    if (failure == null) {
      return from; // It depends on more than the seed: let the reader see that.
    }
    rule = failure.rule();
    Selection cut = new Selection(failure.step() + 1, from.faults(), from.calls());
    Selection best = cut.steps() < from.steps() && fails(cut) ? cut : from;
    BitSet faults = chosen(best.faults(), best.steps());
    best = shrink(best, (kept, of) -> new Selection(of.steps(), kept, of.calls()), faults);
    BitSet calls = chosen(best.calls(), best.steps());
    return shrink(best, (kept, of) -> new Selection(of.steps(), of.faults(), kept), calls);
  }

  private static BitSet chosen(@Nullable BitSet some, int steps) {
    if (some != null) {
      return some;
    }
    BitSet all = new BitSet();
    all.set(0, steps);
    return all;
  }

  private interface Part {
    Selection with(BitSet kept, Selection of);
  }

  private Selection shrink(Selection from, Part part, BitSet full) {
    Selection best = from;
    List<Integer> kept = full.stream().boxed().toList();
    for (int size = kept.size(); size >= 1; size /= 2) {
      for (int at = 0; at < kept.size() && steps < STEPS_MAX; ) {
        List<Integer> rest = new ArrayList<>(kept);
        rest.subList(at, Math.min(kept.size(), at + size)).clear();
        BitSet tried = new BitSet();
        rest.forEach(tried::set);
        Selection candidate = part.with(tried, best);
        if (fails(candidate)) {
          kept = rest;
          best = candidate;
        } else {
          at += size;
        }
      }
    }
    return best;
  }

  private boolean fails(Selection candidate) {
    tries++;
    steps += candidate.steps();
    SimFailure failure = run.apply(candidate);
    return failure != null && failure.rule().equals(rule);
  }

  /** How many runs it took. */
  int tries() {
    return tries;
  }
}

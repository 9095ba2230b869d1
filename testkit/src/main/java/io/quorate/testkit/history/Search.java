package io.quorate.testkit.history;

import io.quorate.testkit.history.Configuration.Place;
import io.quorate.testkit.history.Linearizability.Verdict;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/** Looks for an order of the operations of one key that explains every answer. */
final class Search<S, I, O> {
  /*
   * Wing and Gong [1] try every operation that may come next, with Lowe's memory [2] of the
   * configurations (set of operations, state) that have been tried. What may come next is what was
   * invoked before the first return among the known operations that are still to be put.
   *
   * Unknown operations may always come next, for the rest of the history, and may be left out: with
   * u of them a naive search meets 2^u sets and u! orders. Four things keep that small.
   *
   * - Least is enough. If a configuration has the same known operations and the same state as one
   *   that was met before, and has taken all the unknown operations that one took, it can do nothing
   *   that the earlier one cannot: it is dropped. For this to bite, those that take few must come
   *   first; hence a queue, in which known operations count for a turn and unknown ones against it.
   * - Unknown operations are lazy. A configuration tries them only when it has its second turn, once
   *   what follows from its known operations is stuck.
   * - Of unknown operations with equal inputs the earliest invoked goes first: whatever the later
   *   one can do at some moment, the earlier one can do at that moment.
   * - Models see all the operations first, and make equal what nobody can tell apart; see Register.
   *
   * Why nothing is missed: suppose the queue runs dry though an order exists. Of all configurations
   * that had their turns and can be completed, take one with the shortest completion. Its first
   * step led to a configuration that had its turns too, or was dropped for one that had, which can
   * be completed by the rest, which is shorter. (Twins in the rest change places where necessary.)
   *
   * [1] Wing, Gong: Testing and verifying concurrent objects, 1993.
   * [2] Lowe: Testing for linearizability, 2017.
   */

  /** A configuration that is to try its known operations, or later its unknown ones. */
  private record Turn<S>(Configuration<S> at, boolean unknown, long number) {
    int cost() {
      return at.unknownCount() + (unknown ? 1 : 0);
    }
  }

  /**
   * How many known operations the search goes back for another choice before it takes one more
   * unknown operation. By trial: at 0 histories with a single busy key remained undecided.
   */
  private static final int PATIENCE = 8;

  private final Model<S, I, O> model;
  private final Timeline<I, O> timeline;
  private final long stepsMax;
  private final PriorityQueue<Turn<S>> turns =
      new PriorityQueue<>(
          Comparator.<Turn<S>>comparingInt(turn -> PATIENCE * turn.cost() - turn.at.knownCount())
              .thenComparingLong(Turn::number));
  private final Map<Place<S>, List<BitSet>> met = new HashMap<>();
  private Configuration<S> deepest;
  private long turnNumber;
  private long steps;

  Search(Model<S, I, O> model, Timeline<I, O> timeline, long stepsMax) {
    this.model = model;
    this.timeline = timeline;
    this.stepsMax = stepsMax;
    deepest = Configuration.initial(model.initial(timeline.all()));
  }

  Verdict run() {
    admit(deepest);
    while (deepest.knownCount() < timeline.known().size()) {
      if (turns.isEmpty()) {
        return Verdict.NOT_LINEARIZABLE;
      }
      if (steps >= stepsMax) {
        return Verdict.UNDECIDED;
      }
      Turn<S> turn = turns.remove();
      if (turn.unknown) {
        tryUnknown(turn.at);
      } else {
        tryKnown(turn.at);
        enqueue(turn.at, true);
      }
    }
    return Verdict.LINEARIZABLE;
  }

  /** How many operations have been tried in some state. */
  long steps() {
    return steps;
  }

  /** The first configuration that was met with as many known operations as any. */
  Configuration<S> deepest() {
    return deepest;
  }

  /** Those that change nothing come first: they are hardly ever wrong. */
  private void tryKnown(Configuration<S> at) {
    List<Configuration<S>> changing = new ArrayList<>();
    for (int index : nextKnown(timeline, at)) {
      Operation<I, O> operation = timeline.known().get(index);
      steps++;
      if (!operation.output().orElseThrow().equals(model.answer(at.state(), operation.input()))) {
        continue;
      }
      S state = model.after(at.state(), operation.input());
      Configuration<S> next = at.withKnown(index, state);
      if (state.equals(at.state())) {
        admit(next);
      } else {
        changing.add(next);
      }
    }
    changing.forEach(this::admit);
  }

  private void tryUnknown(Configuration<S> at) {
    for (int index : nextUnknown(timeline, at)) {
      int twin = timeline.twin(index);
      if (twin < 0 || at.hasUnknown(twin)) {
        steps++;
        Operation<I, O> operation = timeline.unknown().get(index);
        S state = model.after(at.state(), operation.input());
        admit(at.withUnknown(index, state));
      }
    }
  }

  /** Gives the configuration its turns, unless one that was met before can do all that it can. */
  private void admit(Configuration<S> next) {
    List<BitSet> others = met.computeIfAbsent(next.place(), place -> new ArrayList<>(1));
    for (BitSet other : others) {
      if (contains(next.unknown(), other)) {
        return;
      }
    }
    others.removeIf(other -> contains(other, next.unknown()));
    others.add(next.unknown());
    if (next.knownCount() > deepest.knownCount()) {
      deepest = next;
    }
    enqueue(next, false);
  }

  private void enqueue(Configuration<S> at, boolean unknown) {
    turns.add(new Turn<>(at, unknown, turnNumber++));
  }

  private static boolean contains(BitSet large, BitSet small) {
    for (int bit = small.nextSetBit(0); bit >= 0; bit = small.nextSetBit(bit + 1)) {
      if (!large.get(bit)) {
        return false;
      }
    }
    return true;
  }

  /** The known operations that may come next, in the order of invocation. */
  static <I, O> List<Integer> nextKnown(Timeline<I, O> timeline, Configuration<?> at) {
    List<Integer> next = new ArrayList<>();
    long end = Operation.NEVER;
    for (int i = at.low(); i < timeline.known().size(); i++) {
      Operation<I, O> operation = timeline.known().get(i);
      if (operation.invoked() > end) {
        break;
      }
      if (!at.hasKnown(i)) {
        next.add(i);
        end = Math.min(end, operation.returned());
      }
    }
    return next;
  }

  /** The unknown operations that may come next, in the order of invocation. */
  static <I, O> List<Integer> nextUnknown(Timeline<I, O> timeline, Configuration<?> at) {
    long end = Operation.NEVER;
    for (int i : nextKnown(timeline, at)) {
      end = Math.min(end, timeline.known().get(i).returned());
    }
    List<Integer> next = new ArrayList<>();
    for (int i = 0; i < timeline.unknown().size(); i++) {
      if (timeline.unknown().get(i).invoked() > end) {
        break;
      }
      if (!at.hasUnknown(i)) {
        next.add(i);
      }
    }
    return next;
  }
}

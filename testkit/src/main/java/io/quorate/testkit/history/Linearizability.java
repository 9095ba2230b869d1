package io.quorate.testkit.history;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether a history could have come from a system that does one thing at a time, each at one moment
 * between its invocation and its return.
 *
 * <pre>{@code
 * Linearizability.check(Registers.model(), history).orThrow();
 * }</pre>
 *
 * <p>An operation whose outcome is unknown, or that has not returned, may be given any moment after
 * its invocation, or none. The answer is never wrong: a search that grows too long ends as {@link
 * Verdict#UNDECIDED}. It is the same in every run.
 *
 * @param verdict the answer
 * @param steps how many steps of the model the search has tried, over all keys
 * @param explanation for people, in several lines: the key in question, the longest order that
 *     fits, and what does not fit after it; short if all is well
 */
public record Linearizability(Verdict verdict, long steps, String explanation) {
  /** How many steps a search may try for each key, unless told otherwise. */
  public static final long STEPS_MAX = 2_000_000;

  /** What a check can say. */
  public enum Verdict {
    /** There is an order that explains every answer. */
    LINEARIZABLE,
    /** There is none. */
    NOT_LINEARIZABLE,
    /** Nobody knows: the steps were used up before an order was found or ruled out. */
    UNDECIDED
  }

  /** As {@link #check(Model, History, long)}, with {@link #STEPS_MAX}. */
  public static <I, O> Linearizability check(Model<?, I, O> model, History<I, O> history) {
    return check(model, history, STEPS_MAX);
  }

  /**
   * Checks key by key, up to the first that cannot be linearized. A key that is undecided does not
   * hide a later one that is wrong.
   *
   * @param stepsMax how many steps to try for each key; each may keep a few hundred bytes
   */
  public static <I, O> Linearizability check(
      Model<?, I, O> model, History<I, O> history, long stepsMax) {
    if (stepsMax < 1) {
      throw new IllegalArgumentException("a search needs at least one step, not " + stepsMax);
    }
    Map<String, List<Operation<I, O>>> keys = new LinkedHashMap<>();
    for (Operation<I, O> operation : history.operations()) {
      keys.computeIfAbsent(model.key(operation.input()), key -> new ArrayList<>()).add(operation);
    }
    long steps = 0;
    String undecided = "";
    for (Map.Entry<String, List<Operation<I, O>>> key : keys.entrySet()) {
      Linearizability one = checkKey(model, new Timeline<>(key.getKey(), key.getValue()), stepsMax);
      steps += one.steps;
      if (one.verdict == Verdict.NOT_LINEARIZABLE) {
        return new Linearizability(one.verdict, steps, one.explanation);
      }
      if (one.verdict == Verdict.UNDECIDED && undecided.isEmpty()) {
        undecided = one.explanation;
      }
    }
    return undecided.isEmpty()
        ? new Linearizability(Verdict.LINEARIZABLE, steps, "linearizable")
        : new Linearizability(Verdict.UNDECIDED, steps, undecided);
  }

  private static <S, I, O> Linearizability checkKey(
      Model<S, I, O> model, Timeline<I, O> timeline, long stepsMax) {
    Search<S, I, O> search = new Search<>(model, timeline, stepsMax);
    Verdict verdict = search.run();
    String explanation =
        verdict == Verdict.LINEARIZABLE
            ? ""
            : new Explanation<>(model, timeline).of(verdict, search.steps(), search.deepest());
    return new Linearizability(verdict, search.steps(), explanation);
  }

  /** True only if an order was found. */
  public boolean isLinearizable() {
    return verdict == Verdict.LINEARIZABLE;
  }

  /**
   * Does nothing if an order was found.
   *
   * @throws AssertionError with the explanation, if the verdict is any other
   */
  public void orThrow() {
    if (!isLinearizable()) {
      throw new AssertionError(explanation);
    }
  }
}

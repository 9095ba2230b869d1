package io.quorate.testkit;

import java.util.BitSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which steps of a seed's run have their faults and calls: all, unless a failure is shrunk or its
 * shrunken form is replayed.
 *
 * @param steps how many there are
 * @param faults those with their faults; null for all
 * @param calls those with their calls; null for all
 */
record Selection(int steps, @Nullable BitSet faults, @Nullable BitSet calls) {
  private static final String STEPS = "quorate.sim.steps";
  private static final String FAULTS = "quorate.sim.faults";
  private static final String CALLS = "quorate.sim.calls";

  /** What the system properties ask for, of a run that has so many steps. */
  static Selection ofProperties(int steps) {
    return new Selection(
        Integer.getInteger(STEPS, steps),
        parse(System.getProperty(FAULTS)),
        parse(System.getProperty(CALLS)));
  }

  boolean hasFaults(int step) {
    return faults == null || faults.get(step);
  }

  boolean hasCalls(int step) {
    return calls == null || calls.get(step);
  }

  /** The same of a run that has so many steps. */
  Selection first(int number) {
    return new Selection(number, faults, calls);
  }

  /** The options that ask for this selection again, of a run that has so many steps. */
  String options(int stepsOfRun) {
    StringBuilder text = new StringBuilder();
    if (steps != stepsOfRun) {
      text.append(" -D").append(STEPS).append('=').append(steps);
    }
    if (faults != null) {
      text.append(" -D").append(FAULTS).append('=').append(text(faults));
    }
    if (calls != null) {
      text.append(" -D").append(CALLS).append('=').append(text(calls));
    }
    return text.toString();
  }

  /** Reads {@code 3,7,10-12}, or {@code none}. */
  static @Nullable BitSet parse(@Nullable String text) {
    if (text == null) {
      return null;
    }
    BitSet chosen = new BitSet();
    if (text.equals("none")) {
      return chosen;
    }
    for (String part : text.split(",", -1)) {
      if (!part.matches("[0-9]{1,9}(-[0-9]{1,9})?")) {
        throw new IllegalArgumentException(
            "steps are given as 3,7,10-12 or none, not as \"" + text + "\"");
      }
      int dash = part.indexOf('-');
      int from = Integer.parseInt(dash < 0 ? part : part.substring(0, dash));
      int to = dash < 0 ? from : Integer.parseInt(part.substring(dash + 1));
      IntStream.rangeClosed(from, to).forEach(chosen::set);
    }
    return chosen;
  }

  private static String text(BitSet chosen) {
    StringBuilder text = new StringBuilder();
    for (int from = chosen.nextSetBit(0); from >= 0; ) {
      int end = chosen.nextClearBit(from);
      text.append(text.isEmpty() ? "" : ",").append(from);
      if (end - from > 1) {
        text.append('-').append(end - 1);
      }
      from = chosen.nextSetBit(end);
    }
    return text.isEmpty() ? "none" : text.toString();
  }
}

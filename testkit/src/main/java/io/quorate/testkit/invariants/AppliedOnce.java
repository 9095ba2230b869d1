package io.quorate.testkit.invariants;

import java.util.HashMap;
import java.util.Map;

/**
 * IC7: a command is applied at most as often as it was proposed, and never if its caller was told
 * that it certainly is not. Retries are the runtime's affair: they make nothing proposed twice.
 */
final class AppliedOnce {
  private static final String RULE = "IC7 AppliedOnce";

  private final Verdict verdict;
  private final Map<String, Count> counts = new HashMap<>();

  private static final class Count {
    private int proposed;
    private int applied;
    private int refused;
  }

  AppliedOnce(Verdict verdict) {
    this.verdict = verdict;
  }

  void proposed(String text) {
    count(text).proposed++;
  }

  void applied(String text) {
    Count count = count(text);
    count.applied++;
    check(text, count);
  }

  void refused(String text) {
    Count count = count(text);
    count.refused++;
    check(text, count);
  }

  private Count count(String text) {
    return counts.computeIfAbsent(text, key -> new Count());
  }

  private void check(String text, Count count) {
    if (count.applied > count.proposed - count.refused) {
      verdict.breaks(
          RULE,
          String.format(
              "\"%s\" is applied %d times, but was proposed %d times, of which %d were refused"
                  + " for certain",
              text, count.applied, count.proposed, count.refused));
    }
  }
}

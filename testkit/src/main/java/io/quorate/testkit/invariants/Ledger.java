package io.quorate.testkit.invariants;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * What callers may rely on, judged from outside: each command is applied at most as often as it was
 * proposed, all replicas apply the same, an acknowledgement is true for ever, a refusal too, and a
 * read sees what was acknowledged before it began.
 */
public final class Ledger {
  private final Verdict verdict;
  private final List<Applied> history = new ArrayList<>();
  private final TreeMap<String, Count> counts = new TreeMap<>();
  private long seen;
  private long acknowledgements;

  private record Applied(String text, long time, byte[] reply) {}

  private static final class Count {
    private int proposed;
    private int applied;
    private int refused;
  }

  public Ledger(Verdict verdict) {
    this.verdict = verdict;
  }

  private Count count(String text) {
    return counts.computeIfAbsent(text, key -> new Count());
  }

  /** The highest command index that some caller has seen: what begins now comes after it. */
  public long seen() {
    return seen;
  }

  public long acknowledgements() {
    return acknowledgements;
  }

  public void proposed(String text) {
    count(text).proposed++;
  }

  /** A replica, in its current life, has applied a command; replays come here as well. */
  public void applied(int member, long index, String text, long time, byte[] reply) {
    Applied now = new Applied(text, time, reply);
    if (index == history.size() + 1) {
      history.add(now);
      count(text).applied++;
      checkCount(text);
      return;
    }
    verdict.check(
        index > 0 && index <= history.size(),
        "StateMachineSafety",
        () -> "member " + member + " applies command " + index + " after " + history.size());
    if (index > 0 && index <= history.size()) {
      Applied first = history.get((int) index - 1);
      verdict.check(
          first.text.equals(text) && first.time == time && Arrays.equals(first.reply, reply),
          "StateMachineSafety",
          () ->
              "member "
                  + member
                  + " applies "
                  + now
                  + " as command "
                  + index
                  + ", others "
                  + first);
    }
  }

  private void checkCount(String text) {
    Count count = count(text);
    verdict.check(
        count.applied <= count.proposed - count.refused,
        "AppliedOnce",
        () ->
            String.format(
                "\"%s\" is applied %d times, but was proposed %d times, of which %d were refused"
                    + " for certain",
                text, count.applied, count.proposed, count.refused));
  }

  /** A caller has its reply; {@code floor} is what {@link #seen} was when it asked. */
  public void acknowledged(String text, long floor, long index, byte[] reply) {
    acknowledgements++;
    boolean known = index > 0 && index <= history.size();
    verdict.check(
        known
            && history.get((int) index - 1).text.equals(text)
            && Arrays.equals(history.get((int) index - 1).reply, reply),
        "AcknowledgedIsTrue",
        () -> "\"" + text + "\" is acknowledged as command " + index + ", which is another one");
    verdict.check(
        index > floor,
        "Linearizable",
        () -> "\"" + text + "\" is command " + index + ", but began after " + floor + " was seen");
    seen = Math.max(seen, index);
  }

  /** A caller has been told that the command is certainly not applied. */
  public void refused(String text) {
    count(text).refused++;
    checkCount(text);
  }

  /** A linearizable read was answered from a state of so many commands. */
  public void read(int member, long floor, long index) {
    verdict.check(
        index >= floor,
        "Linearizable",
        () ->
            "a read at member "
                + member
                + " sees "
                + index
                + " commands, but began after "
                + floor);
    seen = Math.max(seen, index);
  }
}

package io.quorate.testkit.invariants;

import io.quorate.Command;
import java.util.function.Function;

/** IC18: under one command index all replicas, in all their lives, see one command and one time. */
final class SameCommands {
  private static final String RULE = "IC18 SameCommands";

  private final Verdict verdict;
  private final Function<byte[], String> words;

  SameCommands(Verdict verdict, Function<byte[], String> words) {
    this.verdict = verdict;
    this.words = words;
  }

  void applied(int member, Command now, History.Applied first) {
    if (!first.isSame(now.buffer(), now.time())) {
      verdict.breaks(
          RULE,
          String.format(
              "member %d applies %s at %d ns as command %d, others %s",
              member, words.apply(now.bytes()), now.time(), now.index(), first));
    }
  }
}

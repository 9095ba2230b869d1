package io.quorate.testkit.invariants;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.Command;

/** IC18: under one command index all replicas, in all their lives, see one command and one time. */
final class SameCommands {
  private static final String RULE = "IC18 SameCommands";

  private final Verdict verdict;

  SameCommands(Verdict verdict) {
    this.verdict = verdict;
  }

  void applied(int member, Command now, History.Applied first) {
    if (!first.isSame(now.buffer(), now.time())) {
      verdict.breaks(
          RULE,
          String.format(
              "member %d applies %s at %d ns as command %d, others %s",
              member, new String(now.bytes(), UTF_8), now.time(), now.index(), first));
    }
  }
}

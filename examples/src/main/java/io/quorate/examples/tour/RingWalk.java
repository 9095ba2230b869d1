package io.quorate.examples.tour;

import io.quorate.ring.Ring;
import io.quorate.ring.RingDiff;
import java.io.PrintStream;
import java.util.List;

/** Two nodes, two keys, and a third node that joins. */
final class RingWalk {
  private static final List<String> KEYS = List.of("key1", "key2", "key3", "key4");

  private RingWalk() {}

  static void show(PrintStream out) {
    Ring<String> ring = Ring.<String>builder().add("A").add("B").build();
    Ring<String> next = ring.with("C");
    out.println("A ring of nodes A and B; then C joins:");
    for (String key : KEYS) {
      String before = ring.owner(key);
      String after = next.owner(key);
      out.printf(
          "  %s: %s -> %s%s%n", key, before, after, before.equals(after) ? ", stays" : ", moves");
    }
    RingDiff<String> diff = ring.diff(next, 1);
    for (RingDiff.Transfer<String> each : diff.transfers()) {
      out.printf("  %s gives %s %.0f %% of all keys%n", each.from(), each.to(), 100 * each.share());
    }
    out.println("  No key moves between A and B: who joins only takes.");
  }
}

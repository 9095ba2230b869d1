package io.quorate.testkit.world;

import io.quorate.testkit.WorldFault;
import java.util.EnumMap;

/** How often each fault has happened; one that was only set up does not count. */
public final class Incidents {
  private final EnumMap<WorldFault, Long> counts = new EnumMap<>(WorldFault.class);

  public void happened(WorldFault fault) {
    counts.merge(fault, 1L, Long::sum);
  }

  public long of(WorldFault fault) {
    return counts.getOrDefault(fault, 0L);
  }
}

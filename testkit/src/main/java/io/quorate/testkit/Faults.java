package io.quorate.testkit;

import io.quorate.testkit.Fault.Place;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Which faults a run knows. Each seed draws a random half of them (swarm testing): what never
 * happens without something else, or only beside it, would else hardly be met at all.
 */
public enum Faults {
  /** None: the members, and nothing else. */
  NONE,
  /** Whatever a network does. */
  NETWORK(Place.NETWORK, Place.CLIENT),
  /** Crashes, pauses, restarts. */
  PROCESSES(Place.PROCESS, Place.CLIENT),
  /** Clocks that drift and jump. */
  CLOCKS(Place.CLOCK),
  /** Disks that fail, hang, fill up or lose power in a call; and crashes. */
  DISKS(Place.DISK, Place.PROCESS),
  /** The same, and a minority of the disks is damaged for good. */
  DAMAGE(Place.DISK, Place.PROCESS, Place.DAMAGE),
  /** All of them. */
  ALL(Place.values());

  @SuppressWarnings("ImmutableEnumChecker") // It is unmodifiable.
  private final List<Fault> known;

  Faults(Place... places) {
    List<Fault> all = new ArrayList<>(List.of(Fault.values()));
    all.removeIf(fault -> !List.of(places).contains(fault.place));
    known = Collections.unmodifiableList(all);
  }

  /** All of them. */
  public List<Fault> known() {
    return known;
  }

  /** Those of one seed. */
  Set<Fault> draw(RandomGenerator random) {
    Set<Fault> drawn = EnumSet.noneOf(Fault.class);
    int odds = 1 + random.nextInt(3); // A quarter, a half or three quarters.
    for (Fault fault : known) {
      if (random.nextInt(4) < odds) {
        drawn.add(fault);
      }
    }
    return drawn;
  }
}

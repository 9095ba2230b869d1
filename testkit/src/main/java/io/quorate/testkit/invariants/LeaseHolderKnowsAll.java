package io.quorate.testkit.invariants;

import io.quorate.spi.Stamp;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/** IC26: while a leader has a lease, nobody commits anything that it does not know. */
final class LeaseHolderKnowsAll implements Rule {
  private static final String RULE = "IC26 LeaseHolderKnowsAll";

  private final Verdict verdict;
  private final LongSupplier clock;
  private final Map<Integer, Lease> leases = new TreeMap<>();

  private record Lease(Observed holder, long end) {}

  /**
   * By that clock.
   *
   * @param clock of which {@link #leases} tells the end
   */
  LeaseHolderKnowsAll(Verdict verdict, LongSupplier clock) {
    this.verdict = verdict;
    this.clock = clock;
  }

  @Override
  public void starts(Observed replica) {
    leases.remove(replica.member().id());
  }

  @Override
  public void announces(Observed replica, int leader, Stamp stamp) {
    leases.remove(replica.member().id());
  }

  @Override
  public void leases(Observed replica, long end) {
    leases.put(replica.member().id(), new Lease(replica, end));
  }

  @Override
  public void commits(Observed replica, long to) {
    for (Lease lease : leases.values()) {
      boolean holds = clock.getAsLong() < lease.end;
      if (holds && !lease.holder.member().equals(replica.member()) && to > lease.holder.commit()) {
        verdict.breaks(
            RULE,
            replica.member()
                + " commits "
                + to
                + ", and "
                + lease.holder.member()
                + ", which may answer alone, knows of "
                + lease.holder.commit());
      }
    }
  }
}

package io.quorate.testkit.invariants;

import io.quorate.spi.Base;
import io.quorate.spi.Entry;
import io.quorate.spi.Stamp;

/**
 * One rule of docs/invariants.md about replicas: hears of each fact that it overrides the method
 * of, before the fact is carried out, and tells its {@link Verdict} if the rule is broken by it.
 */
/* A fact costs a rule a look-up, never a walk over what was judged before: a run of 20,000 steps has
 * a history of thousands of entries. Where a rule speaks of a whole prefix, its class says why
 * looking at the end is enough.
 */
interface Rule {
  /** A life begins, with the log as it was recovered. */
  default void starts(Observed replica) {}

  default void writes(Observed replica, Entry entry) {}

  /** The log loses all entries from there on. */
  default void truncates(Observed replica, long from) {}

  /** Its commit index moves from {@link Observed#commit} to there. */
  default void commits(Observed replica, long to) {}

  /** It takes over a state behind that entry, in place of all that it had. */
  default void restores(Observed replica, Base base) {}

  /** It says who leads; 0 for nobody. */
  default void announces(Observed replica, int leader, Stamp stamp) {}

  /** It leads and may answer reads alone until then, by true time, or a little longer. */
  default void leases(Observed replica, long end) {}

  /** A message leaves that says: the entry at that index is accepted here under that stamp. */
  default void accepts(Observed replica, long index, Stamp stamp) {}

  /** A message leaves that says: this replica will not be under an earlier stamp again. */
  default void promises(Observed replica, Stamp stamp) {}

  /** A message leaves that carries its vote. */
  default void votes(Observed replica, Stamp stamp, int candidate) {}
}

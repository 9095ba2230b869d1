package io.quorate.testkit.invariants;

import io.quorate.spi.LogView;
import io.quorate.spi.Member;
import io.quorate.spi.Stamp;

/** A replica in one of its lives, as it is just before an effect is carried out. */
interface Observed {
  Member member();

  LogView log();

  /** The term or ballot that it is in. Costs: asked only where a rule may be broken, or by news. */
  Stamp stamp();

  /** Up to where it has committed in this life. */
  long commit();
}

package io.quorate.testkit.invariants;

import io.quorate.spi.Member;
import io.quorate.spi.Stamp;
import java.util.HashMap;
import java.util.Map;

/**
 * ID4: who has lost the record of what it has testified testifies to nothing, until an entry is
 * committed that was first written after its restart; where slots are agreed on one by one, never.
 */
final class LostRecord implements Rule {
  private static final String RULE = "ID4 LostRecord";

  private final Verdict verdict;
  private final Group group;
  private final boolean mayReturn;
  private final Map<Member, Long> silent = new HashMap<>();
  private long lost;
  private long returned;

  LostRecord(Verdict verdict, Group group, boolean mayReturn) {
    this.verdict = verdict;
    this.group = group;
    this.mayReturn = mayReturn;
  }

  /** What had been written by then does not count. */
  @Override
  public void starts(Observed replica) {
    if (group.image(replica.member().id()).isRecordLost()) {
      silent.put(replica.member(), group.writes());
      lost++;
    } else {
      silent.remove(replica.member());
    }
  }

  /** How often a replica has started without its record. */
  long lost() {
    return lost;
  }

  /** How often one has testified again. */
  long returned() {
    return returned;
  }

  @Override
  public void promises(Observed replica, Stamp stamp) {
    Long writes = silent.get(replica.member());
    if (writes == null) {
      return;
    }
    if (mayReturn && group.committedWrite() > writes) {
      silent.remove(replica.member());
      returned++;
    } else {
      verdict.breaks(
          RULE,
          String.format(
              "%s testifies under stamp %s, though it has lost the record of what it has said",
              replica.member(), stamp));
    }
  }
}

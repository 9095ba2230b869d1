package io.quorate.testkit.invariants;

import io.quorate.spi.Configuration;
import io.quorate.spi.Entry;
import io.quorate.spi.Stamp;
import org.jspecify.annotations.Nullable;

/**
 * IC14: nobody leads, and so takes commands, before every founding voter has held FOUNDING durably.
 */
/* Looked at when the group has its first leader; later ones are a matter of IR4. */
final class Formation implements Rule {
  private static final String RULE = "IC14 Formation";

  private final Verdict verdict;
  private final Group group;
  private boolean formed;

  Formation(Verdict verdict, Group group) {
    this.verdict = verdict;
    this.group = group;
  }

  @Override
  public void announces(Observed replica, int leader, Stamp stamp) {
    if (!formed && leader == replica.member().id()) {
      formed = true;
      check(replica);
    }
  }

  private void check(Observed leader) {
    Entry founding = founding(group.image(leader.member().id()));
    if (founding == null || founding.kind() != Entry.Kind.FOUNDING) {
      verdict.breaks(RULE, leader.member() + " leads without a durable founding entry");
      return;
    }
    for (Configuration.Voter voter : Configuration.decode(founding.value()).voters()) {
      SyncedImage image = group.image(voter.member().id());
      if (image.incarnation() == voter.member().incarnation() && !holds(image, founding)) {
        verdict.breaks(
            RULE,
            leader.member() + " takes commands, but " + voter.member() + " has not held FOUNDING");
      }
    }
  }

  /** The entry, also if it was given up: a snapshot that includes it is as good. */
  private @Nullable Entry founding(SyncedImage image) {
    Group.Written first =
        image.snapshot() > 0 && group.committed() > 0 ? group.written(1, group.committed(1)) : null;
    return first == null ? image.entry(1) : first.entry;
  }

  private boolean holds(SyncedImage image, Entry founding) {
    Entry held = founding(image);
    return held != null && held.kind() == founding.kind() && held.value().equals(founding.value());
  }
}

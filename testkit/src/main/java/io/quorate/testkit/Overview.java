package io.quorate.testkit;

import io.quorate.Status;
import io.quorate.testkit.invariants.Laws;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All members at a glance, as somebody sees them who can ask each that is up and not paused. */
final class Overview {
  private final SimMember[] members;
  private final Laws laws;

  /** With members 1 and so on, in this order. */
  Overview(List<SimMember> members, Laws laws) {
    this.members = members.toArray(new SimMember[0]);
    this.laws = laws;
  }

  SimMember member(int id) {
    if (id < 1 || id > members.length) {
      throw new IllegalArgumentException("no member " + id + "; there are " + members.length);
    }
    return members[id - 1];
  }

  boolean isLeading(int id) {
    return member(id).leader() == id;
  }

  /** Who leads, as all of them see it that answer; 0 if they do not agree. */
  int leaderAmong(Collection<Integer> among) {
    int leader = 0;
    for (int id : among) {
      if (!answers(member(id))) {
        continue;
      }
      int known = member(id).leader();
      if (known == 0 || (leader != 0 && leader != known)) {
        return 0;
      }
      leader = known;
    }
    return among.contains(leader) && answers(member(leader)) && isLeading(leader) ? leader : 0;
  }

  private static boolean answers(SimMember member) {
    return member.isUp() && !member.isPaused();
  }

  /** Whether all of them that answer have applied the same, and all that is committed. */
  boolean isConverged(Collection<Integer> among) {
    SimMember first = null;
    for (int id : among) {
      SimMember member = member(id);
      if (answers(member)) {
        Status status = member.status();
        if (status == null || status.appliedEntry() != laws.committed()) {
          return false;
        }
        first = first == null ? member : first;
        if (!member.applied().equals(first.applied())) {
          return false;
        }
      }
    }
    return true;
  }

  /** Where somebody who has gone leaves room; null if nobody is drawn. */
  @Nullable Integer tenantOf(int id, int draw) {
    int other = 1 + draw % (members.length + 1);
    return other == id || other > members.length ? null : other;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (SimMember member : members) {
      text.append(member.id()).append(": ").append(member.status()).append("; ");
    }
    return text.toString();
  }
}

package io.quorate.raft;

import io.quorate.spi.Check;
import io.quorate.spi.Configuration;
import io.quorate.spi.Engine;
import io.quorate.spi.Entry;
import io.quorate.spi.Member;
import io.quorate.spi.Quorum;
import io.quorate.spi.Stamp;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whose votes count: before the FOUNDING entry those of all voters that the user named, by id; from
 * its append on those of a majority of the members that it lists, by id and incarnation.
 */
/* Formation is unanimous and happens once (DESIGN §4). Who wins without FOUNDING had the vote of
 * every founding voter, each with an empty log: so no replica held a FOUNDING entry, and no two
 * different ones ever meet. That is why index 1 is never truncated, which RaftEngine checks.
 *
 * A voter is known here by its place, its position among the voters ascending by id; arrays indexed
 * by place keep hot paths free of maps.
 */
final class Formation {
  private final Member self;
  private final Configuration founding;
  private int[] ids;
  private long[] incarnations;
  private boolean founded;

  Formation(Engine.Setup setup) {
    self = setup.self();
    founding = setup.founding();
    ids = idsOf(founding);
    incarnations = new long[ids.length];
    for (Entry entry : setup.configurations()) {
      if (entry.kind() == Entry.Kind.FOUNDING) {
        adopt(entry);
      }
    }
    Check.that(
        founded || setup.log().last() == 0, "a log begins with the founding entry", 1, ids.length);
  }

  /** The FOUNDING entry was appended: from now on its list counts, durable or not (§4.1). */
  void adopt(Entry entry) {
    Check.that(entry.index() == 1, "the founding entry is the first", entry.index(), 1);
    Check.that(!founded, "a group is founded once");
    Configuration listed = Configuration.decode(entry.value());
    ids = idsOf(listed);
    incarnations = new long[ids.length];
    for (int i = 0; i < ids.length; i++) {
      incarnations[i] = listed.incarnationOf(ids[i]);
    }
    founded = true;
  }

  /** Whether the FOUNDING entry is in the log. */
  boolean isFounded() {
    return founded;
  }

  /** How many voters there are. */
  int voters() {
    return ids.length;
  }

  int idAt(int place) {
    return ids[place];
  }

  /** The place of a member that counts, else -1. Before formation any incarnation counts. */
  int placeOf(Member member) {
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] == member.id()) {
        return !founded || incarnations[i] == member.incarnation() ? i : -1;
      }
    }
    return -1;
  }

  /** Whether this replica has a vote: it was named, and did not lose its disk since. */
  boolean hasVote() {
    return placeOf(self) >= 0;
  }

  /** How many of {@link #voters} it takes to win. */
  int votesToWin() {
    return founded ? Quorum.majority(ids.length) : ids.length;
  }

  /** This replica's turn among the voters other than {@code lost}, from 0. */
  int rankWithout(int lost) {
    int rank = 0;
    for (int id : ids) {
      if (id != lost && id < self.id()) {
        rank++;
      }
    }
    return rank;
  }

  /** The entry that founds the group, listing the incarnations that voted. */
  Entry found(long epoch, Stamp stamp, long[] voted) {
    Check.that(!founded, "a group is founded once");
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < ids.length; i++) {
      Check.that(voted[i] != 0, "every founding voter has voted", ids[i], voted[i]);
      members.add(new Member(ids[i], voted[i]));
    }
    return new Entry(epoch, 1, Entry.Kind.FOUNDING, stamp, founding.withMembers(members).encode());
  }

  /** Why a member's messages do not count; null if they do. */
  @Nullable String whyNot(Member member) {
    if (placeOf(member) >= 0) {
      return null;
    }
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] == member.id()) {
        return String.format(
            "member %d is another incarnation (%x) than the one that founded the group (%x): it"
                + " lost its disk and has to be replaced",
            member.id(), member.incarnation(), incarnations[i]);
      }
    }
    return "member " + member.id() + " is not one of this group's voters";
  }

  private static int[] idsOf(Configuration configuration) {
    return configuration.ids().stream().mapToInt(Integer::intValue).toArray();
  }
}

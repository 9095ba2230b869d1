package io.quorate.spi;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whose votes (Raft) or promises and acceptances (Paxos) count: before the FOUNDING entry those of
 * all voters that the user named, by id; from its first write on those of a majority of the members
 * that it lists, by id and incarnation.
 *
 * <p>A voter is known here by its place, its position among the voters ascending by id, so that
 * arrays indexed by place keep hot paths free of maps.
 *
 * <p><b>Threads.</b> The loop thread only.
 */
/* Formation is unanimous and happens once (DESIGN §4). Who wins without FOUNDING had the vote or
 * promise of every founding voter, none of which held a FOUNDING entry: so no two different ones
 * ever meet. An engine never removes the entry again, though one that writes slot by slot may write
 * it again under another stamp.
 */
public final class Formation {
  private final Member self;
  private final Configuration founding;
  private int[] ids;
  private long[] incarnations;
  private @Nullable Payload adopted;
  private long leaseMillis;

  /** As the log says that was recovered; without a FOUNDING entry in it, as the user says. */
  public Formation(Engine.Setup setup) {
    self = setup.self();
    founding = setup.founding();
    leaseMillis = founding.leaseMillis();
    ids = idsOf(founding);
    incarnations = new long[ids.length];
    configured(setup.configurations());
  }

  /** Entries that were in the log or in a snapshot: a FOUNDING one of them is {@link #adopt}ed. */
  public final void configured(List<Entry> configurations) {
    for (Entry entry : configurations) {
      if (entry.kind() == Entry.Kind.FOUNDING) {
        adopt(entry);
      }
    }
  }

  /**
   * The FOUNDING entry was written: from now on its list counts, durable or not. The same value
   * again, under whatever stamp, changes nothing.
   *
   * @throws IllegalStateException if the group was founded with another value
   */
  public void adopt(Entry entry) {
    Check.that(entry.index() == 1, "the founding entry is the first", entry.index(), 1);
    if (adopted != null) {
      Check.that(adopted.equals(entry.value()), "a group is founded once");
      return;
    }
    Configuration listed = Configuration.decode(entry.value());
    ids = idsOf(listed);
    incarnations = new long[ids.length];
    for (int i = 0; i < ids.length; i++) {
      incarnations[i] = listed.incarnationOf(ids[i]);
    }
    adopted = entry.value();
    leaseMillis = listed.leaseMillis();
  }

  /**
   * How long a leader's lease is, as the FOUNDING entry says, or would if this replica wrote it; 0:
   * no leases.
   */
  public long leaseMillis() {
    return leaseMillis;
  }

  /** Whether the FOUNDING entry is in the log. */
  public boolean isFounded() {
    return adopted != null;
  }

  /** How many voters there are. */
  public int voters() {
    return ids.length;
  }

  /** The id of the voter at that place. */
  public int idAt(int place) {
    return ids[place];
  }

  /** The place of a member that counts, else -1. Before formation any incarnation counts. */
  public int placeOf(Member member) {
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] == member.id()) {
        return adopted == null || incarnations[i] == member.incarnation() ? i : -1;
      }
    }
    return -1;
  }

  /** Whether this replica has a vote: it was named, and did not lose its disk since. */
  public boolean hasVote() {
    return placeOf(self) >= 0;
  }

  /** How many of {@link #voters} it takes to lead: all until the group is founded. */
  public int votesToWin() {
    return adopted != null ? Quorum.majority(ids.length) : ids.length;
  }

  /** This replica's turn among the voters other than {@code lost}, from 0. */
  public int rankWithout(int lost) {
    int rank = 0;
    for (int id : ids) {
      if (id != lost && id < self.id()) {
        rank++;
      }
    }
    return rank;
  }

  /**
   * The entry that founds the group. It counts once it was written and {@link #adopt adopted}.
   *
   * @param voted by place, the incarnation that gave its vote or promise
   */
  public Entry found(long epoch, Stamp stamp, long[] voted) {
    Check.that(adopted == null, "a group is founded once");
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < ids.length; i++) {
      Check.that(voted[i] != 0, "every founding voter has voted", ids[i], voted[i]);
      members.add(new Member(ids[i], voted[i]));
    }
    return new Entry(epoch, 1, Entry.Kind.FOUNDING, stamp, founding.withMembers(members).encode());
  }

  /** Why a member's messages do not count, for a person; null if they do. */
  public @Nullable String whyNot(Member member) {
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

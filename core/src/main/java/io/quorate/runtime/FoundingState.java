package io.quorate.runtime;

import io.quorate.QuorateException;
import io.quorate.spi.Configuration;
import io.quorate.spi.Entry;
import io.quorate.spi.Lead;
import io.quorate.spi.Stamp;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The state that a group is founded with, if it was restored from a backup: a snapshot at index 0,
 * whose head names the cluster that is to be founded. Immutable.
 */
/* The members of a restored cluster are founded like any others: unanimously, with incarnations that
 * are drawn as their logs are created. All that is new is that they begin with a state. That all begin
 * with the same one is seen to twice. In the handshake: the id of the cluster is known before it is
 * founded, so a member that was not restored, or for another cluster, is refused. And by the founding
 * entry, which names the id and the first command index: whoever has another state halts before it
 * has acknowledged that entry, and without all of them the group is not founded.
 */
record FoundingState(Configuration draft) {
  /** By how much the command index is raised: no cluster issues so many between two backups. */
  static final long RAISED_BY = 1L << 40;

  /** The one in a snapshot that was found; null if it is none. */
  static @Nullable FoundingState of(SnapshotDesk.@Nullable Found found) {
    return found == null || !found.isFounding()
        ? null
        : new FoundingState(Configuration.decode(found.head().configurations().get(0).value()));
  }

  /**
   * The head of a founding state.
   *
   * @param old of the backup
   * @throws QuorateException if no command index is left
   */
  static SnapshotHead head(SnapshotHead old, UUID clusterId, long above) {
    long last = Math.max(old.commandIndex(), above);
    if (last < 0 || last > Long.MAX_VALUE - 2 * RAISED_BY) {
      throw new QuorateException("no command index is left above " + last);
    }
    Configuration was = newest(old);
    Configuration draft =
        new Configuration(
            clusterId, 1, was.protocol(), was.voters(), was.leaseMillis(), 0, last + RAISED_BY);
    Entry entry = new Entry(1, 1, Entry.Kind.FOUNDING, Stamp.NONE, draft.encode());
    return new SnapshotHead(List.of(entry), last + RAISED_BY, old.time(), new Lead(0, Stamp.NONE));
  }

  /** The last configuration that a snapshot includes. */
  static Configuration newest(SnapshotHead head) {
    List<Entry> all = head.configurations();
    if (all.isEmpty()) {
      throw new IllegalArgumentException("a snapshot of no group");
    }
    return Configuration.decode(all.get(all.size() - 1).value());
  }

  UUID clusterId() {
    return draft.clusterId();
  }

  /** With which the group is founded, by these voters. */
  Configuration founding(String protocol, List<Configuration.Voter> voters, long leaseMillis) {
    return new Configuration(
        clusterId(), 1, protocol, voters, leaseMillis, 0, draft.firstCommandIndex());
  }

  /**
   * Checks what founds the group.
   *
   * @param own null if this member begins with nothing
   * @throws QuorateException if the group begins with another state
   */
  static void check(int member, @Nullable FoundingState own, Configuration founding) {
    long first = founding.firstCommandIndex();
    if (own == null ? first == 0 : own.begins(founding)) {
      return;
    }
    throw new QuorateException(
        String.format(
            "cluster %s is founded with %s, but member %d begins with %s: restore all members from"
                + " the same backup, with the same cluster id, into empty directories",
            founding.clusterId(),
            words(first),
            member,
            own == null ? words(0) : words(own.draft.firstCommandIndex()) + own.ofCluster()));
  }

  private boolean begins(Configuration founding) {
    return founding.clusterId().equals(clusterId())
        && founding.firstCommandIndex() == draft.firstCommandIndex();
  }

  private String ofCluster() {
    return " of cluster " + clusterId();
  }

  private static String words(long first) {
    return first == 0 ? "an empty state" : "a restored state (command index " + first + ")";
  }
}

package io.quorate.testkit.invariants;

import io.quorate.spi.Entry;
import io.quorate.spi.LogView;
import io.quorate.spi.Member;
import io.quorate.spi.Payload;
import io.quorate.spi.Stamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is known of all replicas together: their disks, what was ever written, what is committed.
 */
final class Group {
  private final Comparator<Stamp> order;
  private final Map<Integer, SyncedImage> images = new TreeMap<>();
  private final Map<Integer, SyncedImage> lost = new TreeMap<>();
  private final List<@Nullable Written> written = new ArrayList<>();
  private final List<Stamp> committed = new ArrayList<>();
  private long[] commits = new long[8];
  private long writes;

  /** An entry as it was first written, by whomever. One index has a chain of them. */
  static final class Written {
    final int writer;
    final Entry entry;
    final @Nullable Stamp before;
    final long number;
    private @Nullable Written next;

    Written(int writer, Entry entry, @Nullable Stamp before, long number) {
      this.writer = writer;
      this.entry = entry;
      this.before = before;
      this.number = number;
    }

    Payload value() {
      return entry.value();
    }

    /** Whether the other entry carries the same. */
    boolean carries(Entry other) {
      return entry.kind() == other.kind() && entry.value().equals(other.value());
    }
  }

  Group(Comparator<Stamp> order) {
    this.order = order;
  }

  boolean isLater(Stamp one, Stamp other) {
    return order.compare(one, other) > 0;
  }

  // Disks

  void disk(int member, SyncedImage image) {
    SyncedImage before = images.put(member, image);
    if (before != null) {
      lost.putIfAbsent(member, before);
    }
  }

  /** Whether the member has had another disk before. With this one it has no vote. */
  boolean isReplaced(int member) {
    return lost.containsKey(member);
  }

  /** Whether the replica runs on an older state of a disk that it has had. */
  boolean isPutBack(Member replica) {
    SyncedImage before = lost.get(replica.id());
    return before != null && before.incarnation() == replica.incarnation();
  }

  SyncedImage image(int member) {
    SyncedImage image = images.get(member);
    if (image == null) {
      throw new IllegalArgumentException("no member " + member);
    }
    return image;
  }

  /** Of all members, in the order of their ids. */
  Map<Integer, SyncedImage> images() {
    return images;
  }

  /** How many members hold the entry with that stamp; a disk that was replaced does not count. */
  int copies(long index, Stamp stamp) {
    int copies = 0;
    for (Map.Entry<Integer, SyncedImage> image : images.entrySet()) {
      if (!isReplaced(image.getKey()) && holds(image.getValue(), index, stamp)) {
        copies++;
      }
    }
    return copies;
  }

  /** Whether the entry is there, or was committed and is in a snapshot. */
  boolean holds(SyncedImage image, long index, Stamp stamp) {
    return image.holds(index, stamp)
        || (index <= Math.min(image.snapshot(), committed()) && committed(index).equals(stamp));
  }

  /** How many disks that were lost held it. */
  int lostCopies(long index, Stamp stamp) {
    int copies = 0;
    for (SyncedImage image : lost.values()) {
      if (holds(image, index, stamp)) {
        copies++;
      }
    }
    return copies;
  }

  // What was written

  void write(int writer, Entry entry, LogView log) {
    if (written(entry.epoch(), entry.index(), entry.stamp()) != null) {
      return;
    }
    int at = (int) entry.index();
    while (written.size() <= at) {
      written.add(null);
    }
    Written now = new Written(writer, entry, before(entry.index(), log), ++writes);
    now.next = written.get(at);
    written.set(at, now);
  }

  /** The first entry that was written with that address and stamp; null if there is none. */
  @Nullable Written written(long epoch, long index, Stamp stamp) {
    Written one = index < written.size() ? written.get((int) index) : null;
    while (one != null && !(one.entry.epoch() == epoch && one.entry.stamp().equals(stamp))) {
      one = one.next;
    }
    return one;
  }

  /** The same in the newest epoch that has that index. */
  @Nullable Written written(long index, Stamp stamp) {
    Written one = index < written.size() ? written.get((int) index) : null;
    return one == null ? null : written(one.entry.epoch(), index, stamp);
  }

  /** The stamp of the entry that one at this index follows; null if that is not to be seen. */
  static @Nullable Stamp before(long index, LogView log) {
    if (index == 1) {
      return Stamp.NONE;
    }
    boolean isSeen = log.holds(index - 1) || index - 1 == log.base().index();
    return isSeen ? log.stampAt(index - 1) : null;
  }

  /** How many entries were written for the first time: one index and stamp each. */
  long writes() {
    return writes;
  }

  // What is committed

  /** Which of all {@link #writes} the last committed entry was; 0 if none is. */
  long committedWrite() {
    Written last = committed.isEmpty() ? null : written(committed(), committed(committed()));
    return last == null ? 0 : last.number;
  }

  void starts(int member) {
    if (member >= commits.length) {
      commits = Arrays.copyOf(commits, member * 2);
    }
    commits[member] = 0;
  }

  void commit(int member, long to, LogView log) {
    for (long index = committed.size() + 1L; index <= to; index++) {
      committed.add(log.stampAt(index));
    }
    commits[member] = to;
  }

  /** The member has a state up to there that somebody has committed before. */
  void restore(int member, long index) {
    commits[member] = Math.max(commits[member], index);
  }

  /** Up to where anybody has committed. */
  long committed() {
    return committed.size();
  }

  /** The stamp of a committed entry at whoever committed it first. */
  Stamp committed(long index) {
    return committed.get((int) index - 1);
  }

  /** Up to where the member has committed in its present life. */
  long committedBy(int member) {
    return commits[member];
  }
}

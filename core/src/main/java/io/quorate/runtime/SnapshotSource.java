package io.quorate.runtime;

import io.quorate.spi.Snapshots;
import java.nio.ByteBuffer;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads for other members what they ask for of this replica's snapshots. The one that a member has
 * begun with stays for it, however many newer ones are taken meanwhile (N5). Snapshot thread only.
 */
final class SnapshotSource {
  /** How much goes into one part. */
  static final int PART_BYTES = 256 << 10;

  private static final int HEAD_BYTES = 128;

  private final Snapshots snapshots;
  private final TreeMap<Integer, Snapshots.Reader> pinned = new TreeMap<>();

  SnapshotSource(Snapshots snapshots) {
    this.snapshots = snapshots;
  }

  /**
   * The next part for a member. Of a snapshot that does not help it hears only which it is, and
   * nothing is kept for it.
   *
   * @param least the lowest index of a snapshot that helps
   * @param index of the snapshot that it has begun with; 0 if of none
   * @return null if there is no snapshot at all
   */
  @Nullable ByteBuffer part(
      long group, int member, long least, long epoch, long index, long offset) {
    Snapshots.Reader reader = pinned.get(member);
    if (reader == null || !isOf(reader, epoch, index)) {
      unpin(member);
      reader = index == 0 ? null : snapshots.at(epoch, index);
      reader = reader == null ? snapshots.newest() : reader;
      if (reader == null) {
        return null;
      }
      pinned.put(member, reader);
    }
    long left = reader.snapshot().length() - offset;
    int room = HEAD_BYTES + (int) Math.max(0, Math.min(left, PART_BYTES));
    Wire.Out out = Wire.Out.ofGroup(group, room).putSnapshot(reader.snapshot()).putLong(offset);
    if (reader.snapshot().index() < least) {
      unpin(member);
    } else if (isOf(reader, epoch, index) && offset >= 0 && left > 0) {
      reader.read(offset, out.place((int) Math.min(left, PART_BYTES)));
      if (left <= PART_BYTES) {
        unpin(member);
      }
    }
    return out.end();
  }

  private static boolean isOf(Snapshots.Reader reader, long epoch, long index) {
    return reader.snapshot().epoch() == epoch && reader.snapshot().index() == index;
  }

  /** The member asks no more. */
  void unpin(int member) {
    Snapshots.Reader reader = pinned.remove(member);
    if (reader != null) {
      reader.close();
    }
  }

  void close() {
    pinned.values().forEach(Snapshots.Reader::close);
    pinned.clear();
  }
}

package io.quorate.testkit.disk;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one simulated file, by sectors: what readers see, what is on the platter, and what
 * was written since the last sync.
 */
/* A sector's bytes never change: a write puts others in their place. So the three share them, a
 * copy of a file costs its table only, and nothing is copied by a sync. A sector without bytes is
 * zero.
 */
final class SimFile {
  static final int SECTOR = 512;
  private static final byte[] ZERO = new byte[SECTOR];
  private static final int SECTORS_MIN = 32;

  /** Whether something that was not synced survives. */
  interface Coin {
    boolean heads();
  }

  private byte[] @Nullable [] durable = new byte[SECTORS_MIN][];
  private byte[] @Nullable [] visible = new byte[SECTORS_MIN][];
  private final List<Version> unsynced = new ArrayList<>();
  private long durableSize;
  private long size;

  /** What a write made of a sector. */
  private record Version(int sector, byte[] bytes) {}

  long size() {
    return size;
  }

  long durableSize() {
    return durableSize;
  }

  int read(ByteBuffer into, long offset) {
    return read(visible, size, into, offset);
  }

  /** As {@link #read}, of what is on the platter. */
  int readDurable(ByteBuffer into, long offset) {
    return read(durable, durableSize, into, offset);
  }

  private static int read(byte[] @Nullable [] image, long imageSize, ByteBuffer into, long offset) {
    int length = (int) Math.max(0, Math.min(into.remaining(), imageSize - offset));
    for (int done = 0; done < length; ) {
      int at = (int) ((offset + done) % SECTOR);
      int part = Math.min(SECTOR - at, length - done);
      into.put(bytes(image, sector(offset + done)), at, part);
      done += part;
    }
    return length;
  }

  /** Writes those sectors for which the coin shows heads. */
  void write(ByteBuffer from, long offset, Coin coin) {
    size = Math.max(size, offset + from.remaining());
    for (long place = offset; from.hasRemaining(); ) {
      int at = (int) (place % SECTOR);
      int part = Math.min(SECTOR - at, from.remaining());
      byte[] merged = merged(from, place, part);
      if (coin.heads()) {
        put(sector(place), merged);
      }
      place += part;
    }
  }

  /** The sector of that place with the next bytes of {@code from} in it. */
  private byte[] merged(ByteBuffer from, long place, int length) {
    byte[] sector = bytes(visible, sector(place)).clone();
    from.get(sector, (int) (place % SECTOR), length);
    return sector;
  }

  /**
   * The first sectors of all runs that a write there could hit instead of its own: runs before it,
   * all of whose bytes are durable, and not only zero.
   */
  List<Integer> wrongPlaces(long offset, int length) {
    int first = sector(offset);
    int count = sector(offset + length - 1) - first + 1;
    boolean[] dirty = dirty();
    List<Integer> places = new ArrayList<>();
    int run = 0;
    for (int sector = 0; sector < first; sector++) {
      run = dirty[sector] || durable[sector] == null ? 0 : run + 1;
      if (run >= count) {
        places.add(sector - count + 1);
      }
    }
    return places;
  }

  /**
   * Puts the sectors that a write at {@code offset} would make to another place, on the platter and
   * in all caches, as a whole: of one that is torn as well, no log could tell.
   */
  void misdirect(ByteBuffer from, long offset, int to) {
    int target = to;
    for (long place = offset; from.hasRemaining(); target++) {
      int part = Math.min(SECTOR - (int) (place % SECTOR), from.remaining());
      byte[] merged = merged(from, place, part);
      visible[target] = merged;
      durable[target] = merged;
      place += part;
    }
  }

  /** Zeros take no room. */
  void zero(long from, long to) {
    size = Math.max(size, to);
    int end = Math.min(sectors(to), visible.length);
    for (int sector = sector(from); sector < end; sector++) {
      byte @Nullable [] before = visible[sector];
      if (before != null) {
        int start = (int) Math.max(0, from - (long) sector * SECTOR);
        int stop = (int) Math.min(SECTOR, to - (long) sector * SECTOR);
        byte[] bytes = before.clone();
        Arrays.fill(bytes, start, stop, (byte) 0);
        put(sector, bytes);
      }
    }
  }

  /** Leaves only the first bytes, on the platter too. */
  void truncate(long to) {
    zero(to, size);
    sync();
    size = Math.min(size, to);
    durableSize = size;
  }

  private void put(int sector, byte[] bytes) {
    growTo(sector);
    visible[sector] = bytes;
    unsynced.add(new Version(sector, bytes));
  }

  private void growTo(int sector) {
    if (sector >= visible.length) {
      visible = Arrays.copyOf(visible, Math.max(sector + 1, visible.length * 2));
      durable = Arrays.copyOf(durable, visible.length);
    }
  }

  /** Makes all durable. */
  void sync() {
    for (int i = 0; i < unsynced.size(); i++) {
      Version version = unsynced.get(i);
      durable[version.sector] = version.bytes;
    }
    unsynced.clear();
    durableSize = size;
  }

  /**
   * A sync that fails: of each sector the coin says whether it was written. The others stay
   * visible, but no later sync writes them, as with Linux's page cache.
   */
  void failSync(Coin coin) {
    boolean[] dirty = dirty();
    for (int sector = 0; sector < dirty.length; sector++) {
      if (dirty[sector] && coin.heads()) {
        durable[sector] = visible[sector];
      }
    }
    unsynced.clear();
  }

  /** Power is gone: of each sector any version since the last sync may be on the platter. */
  void crash(Coin coin) {
    for (Version version : unsynced) {
      if (coin.heads()) {
        durable[version.sector] = version.bytes;
      }
    }
    unsynced.clear();
    if (size > durableSize && coin.heads()) {
      durableSize = size;
    }
    size = durableSize;
    visible = durable.clone();
    Arrays.fill(visible, Math.min(sectors(size), visible.length), visible.length, null);
  }

  /** A file that holds what is durable in this one. */
  SimFile durableCopy() {
    SimFile copy = new SimFile();
    copy.durable = durable.clone();
    copy.visible = durable.clone();
    copy.durableSize = durableSize;
    copy.size = durableSize;
    return copy;
  }

  /** Whether the byte there is durable, and nothing is on its way to it. */
  boolean isSettled(long offset) {
    int sector = sector(offset);
    for (Version version : unsynced) {
      if (version.sector == sector) {
        return false;
      }
    }
    return offset < durableSize;
  }

  void flipBit(long offset, int bit) {
    int sector = sector(offset);
    growTo(sector);
    for (byte[] @Nullable [] image : List.of(durable, visible)) {
      byte[] bytes = bytes(image, sector).clone();
      bytes[(int) (offset % SECTOR)] ^= (byte) (1 << bit);
      image[sector] = bytes;
    }
  }

  private boolean[] dirty() {
    boolean[] dirty = new boolean[visible.length];
    for (Version version : unsynced) {
      dirty[version.sector] = true;
    }
    return dirty;
  }

  private static byte[] bytes(byte[] @Nullable [] image, int sector) {
    byte @Nullable [] bytes = sector < image.length ? image[sector] : null;
    return bytes == null ? ZERO : bytes;
  }

  private static int sector(long offset) {
    return (int) (offset / SECTOR);
  }

  private static int sectors(long bytes) {
    return (int) ((bytes + SECTOR - 1) / SECTOR);
  }
}

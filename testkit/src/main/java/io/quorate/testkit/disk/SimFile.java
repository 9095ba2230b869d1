package io.quorate.testkit.disk;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The bytes of one simulated file, by sectors: what readers see, what is on the platter, and what
 * was written since the last sync. A sector without bytes is zero.
 */
final class SimFile {
  static final int SECTOR = 512;
  private static final byte[] ZERO = new byte[SECTOR];

  /** Whether something that was not synced survives. */
  interface Coin {
    boolean heads();
  }

  private final TreeMap<Long, byte[]> durable = new TreeMap<>();
  private final TreeMap<Long, byte[]> visible = new TreeMap<>();
  private final TreeMap<Long, List<byte[]>> unsynced = new TreeMap<>();
  private long durableSize;
  private long size;

  long size() {
    return size;
  }

  int read(ByteBuffer into, long offset) {
    int length = (int) Math.max(0, Math.min(into.remaining(), size - offset));
    for (int done = 0; done < length; ) {
      int at = (int) ((offset + done) % SECTOR);
      int part = Math.min(SECTOR - at, length - done);
      into.put(visible.getOrDefault((offset + done) / SECTOR, ZERO), at, part);
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
      byte[] sector = visible.getOrDefault(place / SECTOR, ZERO).clone();
      from.get(sector, at, part);
      if (coin.heads()) {
        put(place / SECTOR, sector);
      }
      place += part;
    }
  }

  /** Zeros take no room. */
  void zero(long from, long to) {
    size = Math.max(size, to);
    for (long sector : List.copyOf(visible.subMap(from / SECTOR, (to - 1) / SECTOR + 1).keySet())) {
      int start = (int) Math.max(0, from - sector * SECTOR);
      int end = (int) Math.min(SECTOR, to - sector * SECTOR);
      byte[] bytes = visible.getOrDefault(sector, ZERO).clone();
      Arrays.fill(bytes, start, end, (byte) 0);
      put(sector, bytes);
    }
  }

  private void put(long sector, byte[] bytes) {
    visible.put(sector, bytes);
    unsynced.computeIfAbsent(sector, number -> new ArrayList<>()).add(bytes);
  }

  /** Makes all durable. */
  void sync() {
    unsynced.forEach((sector, versions) -> durable.put(sector, versions.get(versions.size() - 1)));
    unsynced.clear();
    durableSize = size;
  }

  /**
   * A sync that fails: of each sector the coin says whether it was written. The others stay
   * visible, but no later sync writes them, as with Linux's page cache.
   */
  void failSync(Coin coin) {
    unsynced.forEach(
        (sector, versions) -> {
          if (coin.heads()) {
            durable.put(sector, versions.get(versions.size() - 1));
          }
        });
    unsynced.clear();
  }

  /** Power is gone: of each sector any version since the last sync may be on the platter. */
  void crash(Coin coin) {
    for (Map.Entry<Long, List<byte[]>> sector : unsynced.entrySet()) {
      for (byte[] version : sector.getValue()) {
        if (coin.heads()) {
          durable.put(sector.getKey(), version);
        }
      }
    }
    if (size > durableSize && coin.heads()) {
      durableSize = size;
    }
    unsynced.clear();
    visible.clear();
    visible.putAll(durable);
    visible.tailMap(sectors(durableSize), true).clear();
    size = durableSize;
  }

  /** A file that holds what is durable in this one. */
  SimFile durableCopy() {
    SimFile copy = new SimFile();
    durable.forEach((sector, bytes) -> copy.put(sector, bytes));
    copy.size = durableSize;
    copy.sync();
    return copy;
  }

  void flipBit(long offset, int bit) {
    for (TreeMap<Long, byte[]> image : List.of(durable, visible)) {
      byte[] bytes = image.getOrDefault(offset / SECTOR, ZERO).clone();
      bytes[(int) (offset % SECTOR)] ^= (byte) (1 << bit);
      image.put(offset / SECTOR, bytes);
    }
  }

  private static long sectors(long bytes) {
    return (bytes + SECTOR - 1) / SECTOR;
  }
}

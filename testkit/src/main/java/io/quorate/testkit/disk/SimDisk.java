package io.quorate.testkit.disk;

import io.quorate.spi.Archive;
import io.quorate.spi.Log;
import io.quorate.spi.LogStore;
import io.quorate.storage.disk.BackupDirectory;
import io.quorate.storage.disk.FileLogStore;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A directory in memory under the production log that forgets what was not synced, fails, fills up
 * and spoils what it holds on demand. One seed decides everything. Safe for use by any thread;
 * deterministic with one.
 */
public final class SimDisk {
  /** What the end of a process leaves of what was not synced. */
  public enum Survival {
    /** Power was cut: nothing at all. */
    NOTHING,
    /** Power was cut: each sector and each name by a throw of a coin, so writes are torn. */
    SOME,
    /** Power was cut, but everything had reached the platter. */
    ALL,
    /** Only the process died: all is in the system's cache, where a later power cut may find it. */
    CACHED
  }

  /** What a bit can belong to. */
  public enum Part {
    /** The value of an entry that is the last one written at its index. */
    ENTRY(DiskFault.FLIP_ENTRY),
    /** The header of such an entry. */
    ENTRY_HEADER(DiskFault.FLIP_ENTRY_HEADER),
    /** The last record that the engine has saved; not its header. */
    SAVED_RECORD(DiskFault.FLIP_SAVED_RECORD),
    /** The first bytes of a segment, used or not. */
    SEGMENT_HEADER(DiskFault.FLIP_SEGMENT_HEADER),
    /** Any byte of a segment. */
    ANYWHERE(DiskFault.FLIP_ANYWHERE),
    /** Any byte of a finished snapshot that is the newest of its replica. */
    SNAPSHOT(DiskFault.FLIP_SNAPSHOT);

    private final DiskFault fault;

    Part(DiskFault fault) {
      this.fault = fault;
    }

    /** As what a flipped bit there counts. */
    public DiskFault fault() {
      return fault;
    }
  }

  private final Random random;
  private final Consumer<DiskFault> happened;
  private final Trouble trouble;
  private final SimDirectory directory;
  private final TreeMap<String, SimDirectory> backups = new TreeMap<>();

  /** An empty disk. */
  public SimDisk(long seed) {
    this(seed, fault -> {});
  }

  /**
   * An empty disk.
   *
   * @param happened hears of each fault in the midst of the call that meets it
   */
  public SimDisk(long seed, Consumer<DiskFault> happened) {
    random = new Random(seed);
    this.happened = happened;
    trouble = new Trouble(happened);
    directory = new SimDirectory(this, random, trouble);
  }

  /**
   * The durable log on this disk, which prepares its segments on the caller's thread. Its backups
   * are on the same disk, each in a directory of its own.
   */
  public Log log(int segmentBytes) {
    return new Log() {
      @Override
      public LogStore open() {
        return FileLogStore.open(directory, segmentBytes, Runnable::run);
      }

      @Override
      public Archive archive(String backup, boolean create) {
        return BackupDirectory.of(backup(backup), create);
      }
    };
  }

  private synchronized SimDirectory backup(String name) {
    return backups.computeIfAbsent(name, key -> new SimDirectory(this, random, trouble));
  }

  /**
   * Flips a bit of a backup, on the platter and in all caches.
   *
   * @param offset in its file
   */
  public synchronized void flipBackup(String name, long offset, int bit) {
    backup(name).files().forEach((file, bytes) -> flip(file, bytes, offset, bit));
  }

  private static void flip(String name, SimFile file, long offset, int bit) {
    if (name.endsWith(".snap")) {
      file.flipBit(offset % file.durableSize(), bit);
    }
  }

  /** How many calls there were: all but closing. */
  public synchronized long calls() {
    return trouble.calls();
  }

  // What is to happen

  /** Makes the {@code n}-th call from now, counted from 1, fail; it may have been done in part. */
  public synchronized void failCall(long n) {
    trouble.failCall(n);
  }

  /**
   * Makes the next sync of a file fail. Each sector that it was for is on the platter or not; all
   * stay visible, and no later sync writes them, as with Linux's page cache.
   */
  public synchronized void failSync() {
    trouble.failSync();
  }

  /** Cuts the power in the {@code n}-th call from now, counted from 1. */
  public synchronized void cutPowerAtCall(long n) {
    trouble.cutPowerAtCall(n);
  }

  /**
   * Makes the next write of at least a sector land on older, durable bytes before its own place in
   * the file, instead of there. A write for which there is no such place passes.
   */
  public synchronized void misdirectWrite() {
    trouble.misdirect();
  }

  /** Lets files grow up to so many bytes in all. */
  public synchronized void capacityBytes(long bytes) {
    trouble.capacity(bytes);
  }

  /** Files can grow by so many bytes in all. */
  public synchronized void leave(long bytes) {
    trouble.capacity(directory.usedBytes() + bytes);
  }

  /** No file can grow any more. */
  public synchronized void fill() {
    trouble.capacity(directory.usedBytes());
  }

  /** No call fails any more that was to, and there is room. */
  public synchronized void mend() {
    trouble.mend();
  }

  // The end of a process

  /** Cuts the power: every call fails until {@link #restart}. */
  public synchronized void cutPower() {
    trouble.power(false);
  }

  /**
   * Power is back. Files that were open stay unusable, and the lock is free. What is to happen
   * still will.
   */
  public synchronized void restart(Survival survival) {
    if (survival != Survival.CACHED) {
      directory.losePower(() -> survives(survival));
      backups.values().forEach(backup -> backup.losePower(() -> survives(survival)));
    }
    directory.endLife();
    backups.values().forEach(SimDirectory::endLife);
    trouble.power(true);
  }

  private boolean survives(Survival survival) {
    return survival == Survival.ALL || (survival == Survival.SOME && random.nextBoolean());
  }

  // Damage

  /** Flips a bit of a file, on the platter and in all caches. */
  public synchronized void flipBit(String name, long offset, int bit) {
    file(name).flipBit(offset, bit);
  }

  /**
   * Flips a bit of that part of the log that is durable, on the platter and in all caches.
   *
   * @return whether there is one
   */
  public synchronized boolean flipBit(Part part) {
    LogPlaces.Place place = LogPlaces.of(directory.durableFiles()).any(part, random);
    if (place == null) {
      return false;
    }
    place.file().flipBit(place.offset(), random.nextInt(Byte.SIZE));
    happened.accept(part.fault());
    return true;
  }

  /** Makes bytes of a file zero, on the platter and in all caches. */
  public synchronized void erase(String name, long from, long to) {
    file(name).zero(from, to);
    file(name).sync();
  }

  /** Puts bytes over those of a file, on the platter and in all caches. */
  public synchronized void overwrite(String name, long offset, byte[] bytes) {
    file(name).write(ByteBuffer.wrap(bytes), offset, () -> true);
    file(name).sync();
  }

  /** Removes a file, durably. */
  public synchronized void delete(String name) {
    directory.remove(name);
  }

  /** Leaves only the first bytes of a file, on the platter and in all caches. */
  public synchronized void truncate(String name, long size) {
    file(name).truncate(size);
  }

  // Looks

  /** What a reader of that file sees. */
  public synchronized byte[] bytes(String name) {
    ByteBuffer bytes = ByteBuffer.allocate((int) file(name).size());
    file(name).read(bytes, 0);
    return bytes.array();
  }

  /** How many bytes a file has. */
  public synchronized long size(String name) {
    return file(name).size();
  }

  /** The names of all files, in order. */
  public synchronized List<String> names() {
    return List.copyOf(directory.files().keySet());
  }

  /** Another disk, which holds just what is durable on this one. */
  public synchronized SimDisk synced(long seed) {
    return synced(seed, fault -> {});
  }

  /** As {@link #synced(long)}, with who hears of its faults. */
  public synchronized SimDisk synced(long seed, Consumer<DiskFault> hearing) {
    SimDisk copy = new SimDisk(seed, hearing);
    copy.directory.copyDurable(directory);
    return copy;
  }

  private SimFile file(String name) {
    SimFile file = directory.files().get(name);
    if (file == null) {
      throw new IllegalArgumentException("no file " + name);
    }
    return file;
  }
}

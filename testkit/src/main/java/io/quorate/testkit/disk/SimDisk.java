package io.quorate.testkit.disk;

import io.quorate.spi.Log;
import io.quorate.storage.disk.Disk;
import io.quorate.storage.disk.FileLogStore;
import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A directory in memory under the production log that forgets what was not synced, fails and fills
 * up on demand. One seed decides everything. Safe for use by any thread; deterministic with one.
 */
public final class SimDisk {
  /** What a power cut leaves of what was not synced. */
  public enum Survival {
    /** Nothing at all. */
    NOTHING,
    /** Each sector and each name by a throw of a coin: writes are torn. */
    SOME,
    /** Everything, as after the death of a process. */
    ALL
  }

  private final Random random;
  private final Directory directory = new Directory();
  private final TreeMap<String, SimFile> files = new TreeMap<>();
  private final TreeMap<String, SimFile> durableFiles = new TreeMap<>();
  private final List<NameChange> unsyncedNames = new ArrayList<>();
  private long life = 1;
  private long lockedIn;
  private boolean powered = true;
  private long capacityBytes = Long.MAX_VALUE;
  private long calls;
  private long failAt = Long.MAX_VALUE;
  private long cutAt = Long.MAX_VALUE;

  /** A change of names that may be lost. */
  private interface NameChange {
    void applyTo(Map<String, SimFile> names);
  }

  /** An empty disk. */
  public SimDisk(long seed) {
    random = new Random(seed);
  }

  /** The durable log on this disk, which prepares its segments on the caller's thread. */
  public Log log(int segmentBytes) {
    return () -> FileLogStore.open(directory, segmentBytes, Runnable::run);
  }

  /** How many calls there were: all but closing. */
  public synchronized long calls() {
    return calls;
  }

  /** Makes the {@code n}-th call from now, counted from 1, fail; it may have been done in part. */
  public synchronized void failCall(long n) {
    failAt = calls + n;
  }

  /** Cuts the power in the {@code n}-th call from now, counted from 1. */
  public synchronized void cutPowerAtCall(long n) {
    cutAt = calls + n;
  }

  /** No call fails any more that was to. */
  public synchronized void mend() {
    failAt = Long.MAX_VALUE;
    cutAt = Long.MAX_VALUE;
    capacityBytes = Long.MAX_VALUE;
  }

  /** Lets files grow up to so many bytes in all. */
  public synchronized void capacityBytes(long bytes) {
    capacityBytes = bytes;
  }

  /** Cuts the power: every call fails until {@link #restart}. */
  public synchronized void cutPower() {
    powered = false;
  }

  /** Power is back. Files that were open stay unusable, and the lock is free. */
  public synchronized void restart(Survival survival) {
    for (NameChange change : unsyncedNames) {
      if (survives(survival)) {
        change.applyTo(durableFiles);
      }
    }
    unsyncedNames.clear();
    durableFiles.values().forEach(file -> file.crash(() -> survives(survival)));
    files.clear();
    files.putAll(durableFiles);
    powered = true;
    lockedIn = 0;
    life++;
    mend();
  }

  /** Flips a bit of a file, on the platter and in all caches. */
  public synchronized void flipBit(String name, long offset, int bit) {
    file(name).flipBit(offset, bit);
  }

  /** Makes bytes of a file zero, on the platter and in all caches. */
  public synchronized void erase(String name, long from, long to) {
    file(name).zero(from, to);
    file(name).sync();
  }

  /** The names of all files, in order. */
  public synchronized List<String> names() {
    return List.copyOf(files.keySet());
  }

  /** Another disk, which holds just what is durable on this one. */
  public synchronized SimDisk synced(long seed) {
    SimDisk copy = new SimDisk(seed);
    durableFiles.forEach((name, file) -> copy.durableFiles.put(name, file.durableCopy()));
    copy.files.putAll(copy.durableFiles);
    return copy;
  }

  private boolean survives(Survival survival) {
    return survival == Survival.ALL || (survival == Survival.SOME && random.nextBoolean());
  }

  private SimFile file(String name) {
    SimFile file = files.get(name);
    if (file == null) {
      throw new IllegalArgumentException("no file " + name);
    }
    return file;
  }

  private void change(NameChange change) {
    change.applyTo(files);
    unsyncedNames.add(change);
  }

  /** Counts a call; returns whether it is to fail. */
  private boolean fails() throws IOException {
    if (!powered) {
      throw new IOException("simulated: no power");
    }
    calls++;
    if (calls == cutAt) {
      powered = false;
    }
    return calls == failAt || !powered;
  }

  private void call() throws IOException {
    if (fails()) {
      throw failure();
    }
  }

  private static IOException failure() {
    return new IOException("simulated: input/output error");
  }

  private void checkRoom(long growth) throws IOException {
    long used = files.values().stream().mapToLong(SimFile::size).sum();
    if (growth > 0 && used > capacityBytes - growth) {
      throw new IOException("simulated: no space left on device");
    }
  }

  private final class Directory implements Disk {
    @Override
    public Closeable lock() throws IOException {
      synchronized (SimDisk.this) {
        call();
        if (lockedIn != 0) {
          throw new LockedException(
              "the simulated disk is in use by this process: close the other log first");
        }
        lockedIn = life;
        long mine = life;
        return () -> unlock(mine);
      }
    }

    private void unlock(long mine) {
      synchronized (SimDisk.this) {
        if (lockedIn == mine) {
          lockedIn = 0;
        }
      }
    }

    @Override
    public List<String> list() throws IOException {
      synchronized (SimDisk.this) {
        call();
        return names();
      }
    }

    @Override
    public File create(String name) throws IOException {
      synchronized (SimDisk.this) {
        call();
        SimFile file = new SimFile();
        change(names -> names.put(name, file));
        return new Handle(file, life);
      }
    }

    @Override
    public File open(String name) throws IOException {
      synchronized (SimDisk.this) {
        call();
        if (!files.containsKey(name)) {
          throw new FileNotFoundException(name);
        }
        return new Handle(file(name), life);
      }
    }

    @Override
    public void delete(String name) throws IOException {
      synchronized (SimDisk.this) {
        call();
        change(names -> names.remove(name));
      }
    }

    @Override
    public void rename(String from, String to) throws IOException {
      synchronized (SimDisk.this) {
        call();
        SimFile file = files.get(from);
        if (file == null) {
          throw new FileNotFoundException(from);
        }
        change(
            names -> {
              names.remove(from);
              names.put(to, file);
            });
      }
    }

    @Override
    public void syncDirectory() throws IOException {
      synchronized (SimDisk.this) {
        call();
        durableFiles.clear();
        durableFiles.putAll(files);
        unsyncedNames.clear();
      }
    }

    @Override
    public String where(String name) {
      return name.isEmpty() ? "the simulated disk" : name;
    }
  }

  private final class Handle implements Disk.File {
    private final SimFile file;
    private final long openedIn;

    Handle(SimFile file, long openedIn) {
      this.file = file;
      this.openedIn = openedIn;
    }

    private boolean failsHere() throws IOException {
      if (openedIn != life) {
        throw new IOException("simulated: opened before the power was cut");
      }
      return fails();
    }

    private void callHere() throws IOException {
      if (failsHere()) {
        throw failure();
      }
    }

    @Override
    public long size() throws IOException {
      synchronized (SimDisk.this) {
        callHere();
        return file.size();
      }
    }

    @Override
    public int read(ByteBuffer into, long offset) throws IOException {
      synchronized (SimDisk.this) {
        callHere();
        return file.read(into, offset);
      }
    }

    @Override
    public void write(ByteBuffer from, long offset) throws IOException {
      synchronized (SimDisk.this) {
        boolean fails = failsHere();
        checkRoom(offset + from.remaining() - file.size());
        file.write(from, offset, () -> !fails || random.nextBoolean());
        if (fails) {
          throw failure();
        }
      }
    }

    @Override
    public void preallocate(long from, long to) throws IOException {
      synchronized (SimDisk.this) {
        boolean fails = failsHere();
        checkRoom(to - file.size());
        file.zero(from, fails ? from + random.nextLong(to - from) : to);
        if (fails) {
          throw failure();
        }
      }
    }

    @Override
    public void blank(long from) {
      // Every sector of this disk can be written on its own.
    }

    @Override
    public void force(boolean size) throws IOException {
      synchronized (SimDisk.this) {
        if (failsHere()) {
          // A power cut loses more than a failed call does; restart draws what.
          if (powered) {
            file.failSync(random::nextBoolean);
          }
          throw failure();
        }
        file.sync();
      }
    }

    @Override
    public void close() {}
  }
}

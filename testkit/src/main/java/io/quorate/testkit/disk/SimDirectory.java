package io.quorate.testkit.disk;

import io.quorate.storage.disk.Disk;
import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** The calls of a simulated disk. Its monitor is that of the {@link SimDisk}. */
final class SimDirectory implements Disk {
  private final Object monitor;
  private final Random random;
  private final Trouble trouble;
  private final TreeMap<String, SimFile> files = new TreeMap<>();
  private final TreeMap<String, SimFile> durableFiles = new TreeMap<>();
  private final List<NameChange> unsyncedNames = new ArrayList<>();
  private long life = 1;
  private long lockedIn;

  /** A change of names that may be lost. */
  private interface NameChange {
    void applyTo(Map<String, SimFile> names);
  }

  SimDirectory(Object monitor, Random random, Trouble trouble) {
    this.monitor = monitor;
    this.random = random;
    this.trouble = trouble;
  }

  // For the disk

  /** The names of all files that a reader sees. */
  Map<String, SimFile> files() {
    return files;
  }

  /** The names that would be left after a power cut that leaves nothing else. */
  Map<String, SimFile> durableFiles() {
    return durableFiles;
  }

  long usedBytes() {
    long used = 0;
    for (SimFile file : files.values()) {
      used += file.size();
    }
    return used;
  }

  /** A file is gone, durably. */
  void remove(String name) {
    files.remove(name);
    durableFiles.remove(name);
    unsyncedNames.add(names -> names.remove(name));
  }

  /** Takes over what is durable in another. */
  void copyDurable(SimDirectory from) {
    from.durableFiles.forEach((name, file) -> durableFiles.put(name, file.durableCopy()));
    files.putAll(durableFiles);
  }

  /** Files that were open stay unusable, and the lock is free. */
  void endLife() {
    lockedIn = 0;
    life++;
  }

  /** The coin says what survives of what was not synced. */
  void losePower(SimFile.Coin coin) {
    for (NameChange change : unsyncedNames) {
      if (coin.heads()) {
        change.applyTo(durableFiles);
      }
    }
    unsyncedNames.clear();
    durableFiles.values().forEach(file -> file.crash(coin));
    files.clear();
    files.putAll(durableFiles);
  }

  private void change(NameChange change) {
    change.applyTo(files);
    unsyncedNames.add(change);
  }

  private void call() throws IOException {
    if (trouble.fails()) {
      throw Trouble.failure();
    }
  }

  private void checkGrowth(long growth) throws IOException {
    if (trouble.isBounded()) {
      trouble.checkRoom(usedBytes(), growth);
    }
  }

  // For the log

  @Override
  public Closeable lock() throws IOException {
    synchronized (monitor) {
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
    synchronized (monitor) {
      if (lockedIn == mine) {
        lockedIn = 0;
      }
    }
  }

  @Override
  public boolean hasRoom(long bytes) {
    synchronized (monitor) {
      return !trouble.isBounded() || trouble.hasRoom(usedBytes(), bytes);
    }
  }

  @Override
  public List<String> list() throws IOException {
    synchronized (monitor) {
      call();
      return List.copyOf(files.keySet());
    }
  }

  @Override
  public File create(String name) throws IOException {
    synchronized (monitor) {
      call();
      SimFile file = new SimFile();
      change(names -> names.put(name, file));
      return new Handle(file, life);
    }
  }

  @Override
  public File open(String name) throws IOException {
    synchronized (monitor) {
      call();
      SimFile file = files.get(name);
      if (file == null) {
        throw new FileNotFoundException(name);
      }
      return new Handle(file, life);
    }
  }

  @Override
  public void delete(String name) throws IOException {
    synchronized (monitor) {
      call();
      change(names -> names.remove(name));
    }
  }

  @Override
  public void rename(String from, String to) throws IOException {
    synchronized (monitor) {
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
    synchronized (monitor) {
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

  private final class Handle implements File {
    private final SimFile file;
    private final long openedIn;
    private boolean closed;

    Handle(SimFile file, long openedIn) {
      this.file = file;
      this.openedIn = openedIn;
    }

    private boolean failsHere() throws IOException {
      if (openedIn != life) {
        throw new IOException("simulated: opened before the power was cut");
      }
      if (closed) {
        throw new ClosedChannelException();
      }
      return trouble.fails();
    }

    private void callHere() throws IOException {
      if (failsHere()) {
        throw Trouble.failure();
      }
    }

    @Override
    public long size() throws IOException {
      synchronized (monitor) {
        callHere();
        return file.size();
      }
    }

    @Override
    public int read(ByteBuffer into, long offset) throws IOException {
      synchronized (monitor) {
        callHere();
        return file.read(into, offset);
      }
    }

    @Override
    public void write(ByteBuffer from, long offset) throws IOException {
      synchronized (monitor) {
        boolean fails = failsHere();
        checkGrowth(offset + from.remaining() - file.size());
        if (!fails && trouble.wantsMisdirection() && misdirects(from, offset)) {
          return;
        }
        file.write(from, offset, () -> !fails || random.nextBoolean());
        if (fails) {
          throw Trouble.failure();
        }
      }
    }

    private boolean misdirects(ByteBuffer from, long offset) {
      if (from.remaining() < SimFile.SECTOR) {
        return false;
      }
      List<Integer> places = file.wrongPlaces(offset, from.remaining());
      if (places.isEmpty()) {
        return false;
      }
      file.misdirect(from, offset, places.get(random.nextInt(places.size())));
      trouble.misdirected();
      return true;
    }

    @Override
    public void preallocate(long from, long to) throws IOException {
      synchronized (monitor) {
        boolean fails = failsHere();
        checkGrowth(to - file.size());
        file.zero(from, fails ? from + random.nextLong(to - from) : to);
        if (fails) {
          throw Trouble.failure();
        }
      }
    }

    @Override
    public void force(boolean size) throws IOException {
      synchronized (monitor) {
        boolean fails = failsHere();
        if (fails || trouble.failsSync()) {
          // A power cut loses more than a failed call does; restart draws what.
          if (trouble.isPowered()) {
            file.failSync(random::nextBoolean);
          }
          throw Trouble.failure();
        }
        file.sync();
      }
    }

    @Override
    public void close() {
      synchronized (monitor) {
        closed = true;
      }
    }
  }
}

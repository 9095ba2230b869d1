package io.quorate.storage.disk;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A directory of the file system. Its threads must not be interrupted: that closes the files. */
public final class RealDisk implements Disk {
  private static final String LOCK = "lock";
  private static final String PROBE = "probe";
  private static final long FREED_BYTES = 256 << 10;
  private static final String COPY_IT =
      "look at a copy of the directory that was made at one moment";

  /** Of Linux and other POSIX systems (ENOSPC, EDQUOT, and EDQUOT elsewhere), and of Windows. */
  private static final List<String> FULL_WORDS =
      List.of(
          "No space left on device",
          "Disk quota exceeded",
          "Disc quota exceeded",
          "not enough space on the disk");

  /*
   * On POSIX systems, closing any descriptor of a file gives up all locks that the process has on
   * it. So the file lock keeps other processes out, and this table, asked before the lock file is
   * opened, the rest of this one.
   */
  private static final Map<Path, String> LOCKED = new HashMap<>();

  private final Path directory;
  private @Nullable ByteBuffer blocks;

  /** The disk that is {@code directory}. Nothing is touched before {@link #lock}. */
  public RealDisk(Path directory) {
    this.directory = directory;
  }

  @Override
  public Closeable lock() throws IOException {
    createDirectories(directory.toAbsolutePath());
    Path key = directory.toRealPath();
    String self = self();
    synchronized (LOCKED) {
      String holder = LOCKED.get(key);
      if (holder != null) {
        throw inUse("this process, which opened it itself (" + holder + ")");
      }
      Closeable lock = lockFile(key.resolve(LOCK), self);
      LOCKED.put(key, self);
      blocks = isDirectPossible() ? DirectFile.buffer() : null;
      return () -> {
        synchronized (LOCKED) {
          LOCKED.remove(key);
          lock.close();
        }
      };
    }
  }

  /** Whether that is the name of the file that is locked. */
  static boolean isLock(String file) {
    return file.equals(LOCK);
  }

  /**
   * Keeps whoever wants to write out of the directory, and changes nothing in it. Where there is no
   * lock file, as in a copy, only this process is kept out.
   *
   * @throws LockedException if somebody has it
   */
  Closeable lockForReading() throws IOException {
    Path key = directory.toRealPath();
    synchronized (LOCKED) {
      String holder = LOCKED.get(key);
      if (holder != null) {
        throw inUse("this process, which opened it itself (" + holder + ")", COPY_IT);
      }
      Path file = key.resolve(LOCK);
      Closeable lock = Files.exists(file) ? lockFileForReading(file) : () -> {};
      LOCKED.put(key, self());
      return () -> {
        synchronized (LOCKED) {
          LOCKED.remove(key);
          lock.close();
        }
      };
    }
  }

  private Closeable lockFileForReading(Path path) throws IOException {
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
    try {
      if (channel.tryLock(0, Long.MAX_VALUE, true) == null) {
        throw inUse("another process (" + text(channel) + ")", COPY_IT);
      }
      return channel;
    } catch (OverlappingFileLockException e) {
      channel.close();
      throw inUse("this process, through another class loader (" + self() + ")", COPY_IT);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private Closeable lockFile(Path path, String self) throws IOException {
    FileChannel channel =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      @Nullable FileLock lock = channel.tryLock();
      if (lock == null) {
        throw inUse("another process (" + text(channel) + ")");
      }
      sign(channel, self);
      return channel;
    } catch (OverlappingFileLockException e) {
      channel.close();
      throw inUse("this process, through another class loader (" + self + ")");
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** Says who has the lock, for people; the lock holds without it, and a full disk is no reason. */
  private static void sign(FileChannel channel, String self) throws IOException {
    ByteBuffer text = UTF_8.encode(self + "\n");
    long length = text.remaining();
    try {
      channel.write(text, 0);
      channel.truncate(length);
    } catch (IOException e) {
      if (!isFull(e)) {
        throw e;
      }
    }
  }

  private LockedException inUse(String holder) {
    return inUse(holder, "use a directory of its own");
  }

  private LockedException inUse(String holder, String instead) {
    return new LockedException(
        String.format(
            "%s is in use by %s: stop that one first, or %s", directory, holder, instead));
  }

  private static String text(FileChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(200);
    channel.read(bytes, 0);
    String text = UTF_8.decode(bytes.flip()).toString().trim();
    return text.isEmpty() ? "it has not told its process id" : text;
  }

  private static String self() {
    ProcessHandle process = ProcessHandle.current();
    Instant start = process.info().startInstant().orElseGet(Instant::now);
    return "process id " + process.pid() + ", started " + start.truncatedTo(ChronoUnit.SECONDS);
  }

  /** Creates what is missing from the top down, each name durable in the directory above it. */
  private static void createDirectories(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      return;
    }
    @Nullable Path parent = path.getParent();
    if (parent != null) {
      createDirectories(parent);
    }
    try {
      Files.createDirectory(path);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(path)) {
        throw new FileSystemException(path.toString(), null, "is no directory");
      }
    }
    if (parent != null) {
      syncDirectory(parent);
    }
  }

  @Override
  public List<String> list() throws IOException {
    List<String> names = new ArrayList<>();
    try (var files = Files.newDirectoryStream(directory)) {
      files.forEach(file -> names.add(String.valueOf(file.getFileName())));
    }
    Collections.sort(names);
    return names;
  }

  @Override
  public File create(String name) throws IOException {
    try {
      return file(
          name,
          FileChannel.open(
              directory.resolve(name),
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE));
    } catch (IOException e) {
      throw typed(e, 0);
    }
  }

  @Override
  public File open(String name) throws IOException {
    return file(
        name,
        FileChannel.open(
            directory.resolve(name), StandardOpenOption.READ, StandardOpenOption.WRITE));
  }

  private File file(String name, FileChannel cached) throws IOException {
    @Nullable ByteBuffer shared = blocks;
    if (shared == null) {
      return new TypedFile(new CachedFile(cached), this);
    }
    try {
      return new TypedFile(new DirectFile(cached, openDirect(name), shared), this);
    } catch (IOException | RuntimeException e) {
      cached.close();
      throw e;
    }
  }

  private FileChannel openDirect(String name) throws IOException {
    return FileChannel.open(
        directory.resolve(name), StandardOpenOption.READ, StandardOpenOption.WRITE, directOption());
  }

  /** By name: the compiler warns of its module, which cannot be silenced, on newer JDKs. */
  private static OpenOption directOption() {
    try {
      for (Object option :
          Class.forName("com.sun.nio.file.ExtendedOpenOption").getEnumConstants()) {
        if (option.toString().equals("DIRECT")) {
          return (OpenOption) option;
        }
      }
    } catch (ClassNotFoundException e) {
      throw new UnsupportedOperationException("this JDK writes through the page cache only", e);
    }
    throw new UnsupportedOperationException("this JDK writes through the page cache only");
  }

  /** Whether the file system writes past its page cache, in blocks of ours: tried, not asked. */
  private boolean isDirectPossible() throws IOException {
    Files.deleteIfExists(directory.resolve(PROBE));
    try {
      Files.createFile(directory.resolve(PROBE));
      try (FileChannel probe = openDirect(PROBE)) {
        return probe.write(DirectFile.buffer().limit(DirectFile.BLOCK), 0) == DirectFile.BLOCK;
      }
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    } finally {
      Files.deleteIfExists(directory.resolve(PROBE));
    }
  }

  /**
   * A large file is freed in small steps, when it has no name any more: freed at once, a GiB holds
   * up a sync of the log for 95 ms; in steps of 16 MiB each sync for 5 to 16, and that for 300 ms;
   * in these for 2 at most (ext4; docs/performance.md).
   */
  @Override
  public void delete(String name) throws IOException {
    Path path = directory.resolve(name);
    long size = Files.size(path);
    if (size <= FREED_BYTES) {
      Files.delete(path);
      return;
    }
    try (FileChannel nameless = FileChannel.open(path, StandardOpenOption.WRITE)) {
      Files.delete(path);
      for (long left = size - FREED_BYTES; left > 0; left -= FREED_BYTES) {
        nameless.truncate(left);
      }
    }
  }

  @Override
  public void rename(String from, String to) throws IOException {
    try {
      Files.move(directory.resolve(from), directory.resolve(to), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw typed(e, 0);
    }
  }

  @Override
  public void syncDirectory() throws IOException {
    try {
      syncDirectory(directory);
    } catch (IOException e) {
      throw typed(e, 0);
    }
  }

  @Override
  public void checkRoom(long bytes) throws IOException {
    long room = Files.getFileStore(directory).getUsableSpace();
    if (room < bytes) {
      throw new FullException(
          String.format("%d MiB are needed and %d MiB are free", bytes >> 20, room >> 20));
    }
  }

  /**
   * The same error, as what it is: a system says in words only, and in the words of its user's
   * language, that a disk is full or a quota used up.
   *
   * @param bytes how much room was asked for
   */
  IOException typed(IOException error, long bytes) {
    if (error instanceof FullException || (!isFull(error) && !lacksRoom(error, bytes))) {
      return error;
    }
    FullException full = new FullException(String.valueOf(error.getMessage()));
    full.initCause(error);
    return full;
  }

  @Override
  public boolean hasRoom(long bytes) throws IOException {
    return Files.getFileStore(directory).getUsableSpace() >= bytes;
  }

  private boolean lacksRoom(IOException error, long bytes) {
    try {
      return Files.getFileStore(directory).getUsableSpace() < bytes;
    } catch (IOException e) {
      error.addSuppressed(e);
      return false;
    }
  }

  private static boolean isFull(IOException error) {
    String words = String.valueOf(error.getMessage());
    return FULL_WORDS.stream().anyMatch(words::contains);
  }

  private static void syncDirectory(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public ByteBuffer buffer(int bytes) {
    return DirectFile.aligned(bytes);
  }

  @Override
  public String where(String name) {
    return name.isEmpty() ? directory.toString() : directory.resolve(name).toString();
  }

  /** Reads until the buffer is full or the file ends; returns how many bytes. */
  static int readFully(FileChannel channel, ByteBuffer into, long offset) throws IOException {
    int start = into.position();
    while (into.hasRemaining()) {
      if (channel.read(into, offset + into.position() - start) < 0) {
        break;
      }
    }
    return into.position() - start;
  }
}

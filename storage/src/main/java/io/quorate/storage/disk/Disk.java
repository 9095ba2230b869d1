package io.quorate.storage.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * One directory of files: all that the log knows of the operating system, so that the simulator can
 * put a disk of its own here. Names have no folders. Methods are safe for use by any thread.
 */
public interface Disk {
  /**
   * Takes the directory for this process, creating it, durably, where there is none. Until the
   * result is closed, nobody else can take it.
   *
   * @throws LockedException if somebody has it; nothing was changed
   */
  Closeable lock() throws IOException;

  /** The names of all files, in order. */
  List<String> list() throws IOException;

  /** Makes an empty file; empties it where there is one. Durable after {@link #syncDirectory}. */
  File create(String name) throws IOException;

  /** Opens a file that is there, for reading and writing. */
  File open(String name) throws IOException;

  /** Removes a file. Durable after {@link #syncDirectory}. */
  void delete(String name) throws IOException;

  /** Gives a file another name, atomically. Durable after {@link #syncDirectory}. */
  void rename(String from, String to) throws IOException;

  /** Makes all names durable. */
  void syncDirectory() throws IOException;

  /**
   * Sees whether files may grow by so much, where the system says how much room there is; to try it
   * is the only proof.
   *
   * @throws FullException if there is less
   */
  default void checkRoom(long bytes) throws IOException {}

  /** Whether there is room for so many bytes, where the system says how much there is. */
  default boolean hasRoom(long bytes) throws IOException {
    return true;
  }

  /**
   * A cleared buffer from which files write without a copy, and into which they read past the page
   * cache; what is written or read is as many whole blocks of 4 KiB as it has.
   */
  default ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes);
  }

  /** Where a file is, as messages say it; of the directory itself, if {@code name} is empty. */
  String where(String name);

  /** An open file. */
  interface File extends Closeable {
    /** How many bytes it has. */
    long size() throws IOException;

    /**
     * Reads at {@code offset} until {@code into} is full or the file ends.
     *
     * @return how many bytes were read; less than asked for only at the end of the file
     */
    int read(ByteBuffer into, long offset) throws IOException;

    /** Writes all of {@code from} at {@code offset}, in one call if the system takes it. */
    void write(ByteBuffer from, long offset) throws IOException;

    /** Writes zero bytes from {@code from} up to {@code to}. */
    void preallocate(long from, long to) throws IOException;

    /**
     * Makes what was written durable.
     *
     * @param size whether the file may have grown since the last time
     */
    void force(boolean size) throws IOException;
  }

  /** There is no room: on the disk, or in what this user may have of it. Any call may say so. */
  final class FullException extends IOException {
    private static final long serialVersionUID = 1L;

    /** With what the system says. */
    public FullException(String message) {
      super(message);
    }
  }

  /** The directory is in use. The message names who has it and says what to do. */
  final class LockedException extends IOException {
    private static final long serialVersionUID = 1L;

    /** With the sentence for the user. */
    public LockedException(String message) {
      super(message);
    }
  }
}

package io.quorate.storage.disk;

import java.io.IOException;

/**
 * A file of zeros that is there to be given up: when the disk is full it becomes the next segment,
 * so that what is under way, votes and compaction still have room. Not safe for use by several
 * threads.
 */
final class Reserve {
  private static final String NAME = "reserve";
  private static final String UNFINISHED_NAME = "reserve.new";
  private static final int BYTES_MAX = 16 << 20;

  private final Disk disk;
  private final int bytes;
  private boolean known;
  private boolean there;

  /** Of a log with segments of that size. */
  Reserve(Disk disk, int segmentBytes) {
    this.disk = disk;
    bytes = Math.min(BYTES_MAX, segmentBytes);
  }

  /** Whether that is the name of the file. */
  static boolean isName(String file) {
    return file.equals(NAME);
  }

  boolean isThere() throws IOException {
    if (!known) {
      there = disk.list().contains(NAME);
      known = true;
    }
    return there;
  }

  /**
   * Makes it where there is none.
   *
   * @throws Disk.FullException if there is no room; then nothing of it is left
   */
  void make() throws IOException {
    if (isThere()) {
      return;
    }
    known = false;
    disk.checkRoom(bytes);
    try (Disk.File file = disk.create(UNFINISHED_NAME)) {
      file.preallocate(0, bytes);
      file.force(true);
    } catch (Disk.FullException e) {
      delete(disk, UNFINISHED_NAME, e);
      throw e;
    }
    disk.rename(UNFINISHED_NAME, NAME);
    disk.syncDirectory();
  }

  /** Makes a segment of it, which needs no room. */
  Segment give(int number) throws IOException {
    known = false;
    SectorFile file = new SectorFile(disk.open(NAME), number);
    try {
      file.write(Segment.header(number), 0);
      file.force(false);
      disk.rename(NAME, Segment.name(number));
      disk.syncDirectory();
      return new Segment(number, file, (int) file.size());
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** Gives its room back to the disk. */
  void delete() throws IOException {
    known = false;
    disk.delete(NAME);
    disk.syncDirectory();
  }

  /** Gives back what a file took that could not be finished; a failure is only noted. */
  static void delete(Disk disk, String unfinished, IOException full) {
    try {
      disk.delete(unfinished);
    } catch (IOException e) {
      full.addSuppressed(e);
    }
  }
}

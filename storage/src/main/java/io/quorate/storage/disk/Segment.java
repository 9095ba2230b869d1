package io.quorate.storage.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One file of the log: a header of its own, records one behind the other, then blank sectors.
 *
 * @param number above those of all segments before it, by one
 * @param size how many bytes it has room for; a whole number of sectors
 */
record Segment(int number, SectorFile file, int size) {
  static final int HEADER_BYTES = 32;
  private static final int NAME_DIGITS = 16;
  private static final int MAGIC = 0x514c4f47; // QLOG
  private static final int FEATURES_AT = 16;
  private static final int CRC_AT = HEADER_BYTES - Integer.BYTES;

  /** The bits of those features that a reader has to know; none so far. */
  private static final int FEATURES = 0;

  /** The place of the first record. */
  static final int FIRST = HEADER_BYTES;

  /** The name of the file while it is prepared. */
  static String unfinishedName(int number) {
    return digits(number) + ".new";
  }

  static String name(int number) {
    return digits(number) + ".log";
  }

  /** The number in a segment's name; 0 if it is none that a segment can have. */
  static int number(String name) {
    long number = Long.parseLong(name.substring(0, NAME_DIGITS));
    return number > Integer.MAX_VALUE ? 0 : (int) number;
  }

  private static String digits(int number) {
    String digits = Integer.toString(number);
    return "0".repeat(NAME_DIGITS - digits.length()) + digits;
  }

  String name() {
    return name(number);
  }

  /** The header of a segment file. */
  static ByteBuffer header(int number) {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    header.putInt(MAGIC).putInt(RecordHeader.VERSION).putLong(number).putInt(FEATURES_AT, FEATURES);
    return header.putInt(CRC_AT, RecordHeader.crc(header, 0, CRC_AT)).clear();
  }

  /**
   * Opens a segment file.
   *
   * @throws DamageException if its header is not that of this segment in this format
   */
  static Segment open(Disk disk, int number) throws IOException {
    String name = name(number);
    SectorFile file = new SectorFile(disk.open(name), number);
    @Nullable DamageException damage;
    try {
      ByteBuffer found = ByteBuffer.allocate(HEADER_BYTES);
      int length = file.read(found, 0);
      damage = damage(disk, number, found.clear(), length);
      if (damage == null) {
        return new Segment(number, file, (int) file.size());
      }
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
    file.close();
    throw damage;
  }

  /** Opens a segment file whose header is damaged. */
  static Segment openDamaged(Disk disk, int number) throws IOException {
    SectorFile file = new SectorFile(disk.open(name(number)), number);
    try {
      return new Segment(number, file, (int) file.size());
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static @Nullable DamageException damage(
      Disk disk, int number, ByteBuffer found, int length) {
    boolean intact =
        length == HEADER_BYTES
            && found.getInt(0) == MAGIC
            && found.getInt(CRC_AT) == RecordHeader.crc(found, 0, CRC_AT);
    if (intact && found.getInt(Integer.BYTES) != RecordHeader.VERSION) {
      return new DamageException(
          String.format(
              "%s is in format version %d, which this version of Quorate cannot read (it reads"
                  + " version %d): use the one that wrote it",
              disk.where(name(number)), found.getInt(Integer.BYTES), RecordHeader.VERSION));
    }
    if (intact && (found.getInt(FEATURES_AT) & ~FEATURES) != 0) {
      return new DamageException(
          String.format(
              "%s needs features %08x, and this version of Quorate knows %08x: a later version"
                  + " wrote it; use that one",
              disk.where(name(number)), found.getInt(FEATURES_AT), FEATURES));
    }
    return found.equals(header(number))
        ? null
        : DamageException.at(disk, number, 0, "the segment's header is not what was written");
  }
}

package io.quorate.testkit.contract;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Where in a file what stands, by docs/log-format.md. */
final class FileFormat {
  static final int HEADER_BYTES = 80;
  static final int SECTOR = 512;
  static final int STAMP = 8;

  /** What of a sector is the log's. */
  static final int IN_SECTOR = SECTOR - STAMP;

  /** Whether tests that flip some bits of a file flip each of them: {@code -Pslow}. */
  static final boolean EACH_BIT = Boolean.getBoolean("quorate.slow");

  private FileFormat() {}

  /** Where a byte of the log stands. */
  static int inFile(int offset) {
    return offset / IN_SECTOR * SECTOR + STAMP + offset % IN_SECTOR;
  }

  /** Where the headers of a segment's records stand, in the file, from its own on. */
  static List<Integer> headers(byte[] file) {
    ByteBuffer bytes = ByteBuffer.wrap(file);
    List<Integer> found = new ArrayList<>(List.of(inFile(0)));
    for (int at = 32; inFile(at) + HEADER_BYTES <= file.length; ) {
      if (bytes.get(inFile(at)) != 'Q' || writer(bytes, inFile(at)) != writer(bytes, 0)) {
        break;
      }
      found.add(inFile(at));
      at = (at + HEADER_BYTES + bytes.getInt(inFile(at) + 4) + 7) & -8;
      if (at % IN_SECTOR + HEADER_BYTES > IN_SECTOR) {
        at += IN_SECTOR - at % IN_SECTOR;
      }
    }
    return found;
  }

  /** The number of the segment that has written the sector of that byte; 0 if none has. */
  static int writer(ByteBuffer file, int at) {
    return file.getInt(at / SECTOR * SECTOR);
  }

  /** Whether an earlier segment has left something in the file of a later one. */
  static boolean isReused(byte[] file) {
    ByteBuffer bytes = ByteBuffer.wrap(file);
    int own = writer(bytes, 0);
    for (int at = 0; at < file.length; at += SECTOR) {
      if (writer(bytes, at) != 0 && writer(bytes, at) != own) {
        return true;
      }
    }
    return false;
  }
}

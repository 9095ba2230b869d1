package io.quorate.storage.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.LongConsumer;

/** Compares the stamps of a segment's sectors with what they can be. */
final class StampCheck {
  private static final int SECTORS = 2048;

  private StampCheck() {}

  /**
   * Reading takes a stamp that is a bit away from one for that one. Here it is damage.
   *
   * @param looked is told of how many bytes the sectors are
   */
  static void run(Disk disk, Segment segment, Findings findings, LongConsumer looked)
      throws IOException {
    int sectors = segment.size() / SectorFile.DATA;
    ByteBuffer bytes = ByteBuffer.allocate(Math.min(SECTORS, sectors) * SectorFile.SECTOR);
    try (Disk.File file = disk.open(segment.name())) {
      for (int first = 0; first < sectors; first += SECTORS) {
        bytes.clear();
        int count = file.read(bytes, (long) first * SectorFile.SECTOR) / SectorFile.SECTOR;
        for (int i = 0; i < Math.min(count, sectors - first); i++) {
          check(segment, first + i, bytes.getLong(i * SectorFile.SECTOR), findings);
        }
        looked.accept((long) count * SectorFile.SECTOR);
      }
    }
  }

  private static void check(Segment segment, int sector, long found, Findings findings) {
    long meant = Stamps.meant(found, segment.number(), sector);
    if (found == meant) {
      return;
    }
    long at = (long) sector * SectorFile.SECTOR;
    Damage damage = Damage.harmless(segment, at, "the stamp of a sector is not what was written");
    int bit = Long.numberOfTrailingZeros(found ^ meant);
    if (Long.bitCount(found ^ meant) == 1) {
      findings.addFlip(damage, at + Stamps.BYTES - 1 - bit / Byte.SIZE, 1 << bit % Byte.SIZE);
    } else if (!findings.isDamaged(segment.name(), at, at + SectorFile.SECTOR)) {
      findings.add(damage); // Else it is no news, and not that nothing is lost.
    }
  }
}

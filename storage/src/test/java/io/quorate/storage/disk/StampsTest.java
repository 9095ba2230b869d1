package io.quorate.storage.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StampsTest {
  private static final long FACTOR = 0x9E3779B97F4A7C15L;
  private static final int SECTORS = FileLogStore.SEGMENT_BYTES_MAX / SectorFile.SECTOR;
  private static final int SMALL_SECTORS = FileLogStore.SEGMENT_BYTES_MIN / SectorFile.SECTOR;
  private static final int SMALL_SEGMENTS = 40;

  private static int check(long number) {
    return (int) ((number * FACTOR) >>> Integer.SIZE);
  }

  /**
   * The check of segment n and sector s is n * factor + check(s), in 32 bits. What was written for
   * sector s passes at sector t if the numbers of the segments are equal and the checks are, or are
   * a bit apart; or if the numbers are a bit apart and the checks are equal. Then check(s) -
   * check(t) is 0, or a power of two, or one times the factor, up to the sign. But that is check(s
   * - t), or one more where a carry is lost. So all pairs of sectors and all segments are looked
   * at.
   */
  @Test
  void noStampPassesAtAnotherPlaceInTheLargestSegment() {
    Set<Integer> passing = new HashSet<>(Set.of(0));
    for (int bit = 0; bit < Integer.SIZE; bit++) {
      passing.add(1 << bit);
      passing.add(-(1 << bit));
      passing.add((int) FACTOR << bit);
      passing.add(-((int) FACTOR << bit));
    }
    for (int segment = 1; segment < 100; segment++) {
      int sum = segment * (int) FACTOR + check(5);
      assertEquals(sum, (int) Stamps.of(segment, 5), "what is said above");
    }
    for (int apart = 1; apart < SECTORS; apart++) {
      int difference = check(apart);
      assertFalse(
          passing.contains(difference) || passing.contains(difference + 1), "apart by " + apart);
    }
  }

  /** A stamp with one bit, which would pass for none, has a number with one bit and no check. */
  @Test
  void noStampPassesForNone() {
    for (int bit = 0; bit < Integer.SIZE - 1; bit++) {
      for (int sector = 0; sector < SECTORS; sector++) {
        assertTrue((((int) FACTOR << bit) + check(sector)) != 0, "sector " + sector);
      }
    }
  }

  /** Both without the calculation, for what the tests of damage write. */
  @Test
  void whatAnySegmentHasWrittenIsForeignAtAnyOtherPlace() {
    for (int segment = 1; segment <= SMALL_SEGMENTS; segment++) {
      for (int writer = 1; writer <= SMALL_SEGMENTS; writer++) {
        for (int from = 0; from < SMALL_SECTORS; from++) {
          for (int to = 0; to < SMALL_SECTORS; to++) {
            boolean isElsewhere = from != to || writer > segment;
            assertEquals(isElsewhere, Stamps.isForeign(Stamps.of(writer, from), segment, to));
          }
        }
      }
    }
  }

  @Test
  void whatAWriteHasLeftThatEndedWithinTheStampIsNotForeign() {
    for (int sector = 0; sector < SMALL_SECTORS; sector++) {
      for (int left = 0; left < Long.SIZE; left += Byte.SIZE) {
        assertFalse(Stamps.isForeign(Stamps.of(1000, sector) & (-1L << left), 1000, sector));
      }
      assertFalse(Stamps.isForeign(0, 1000, sector));
      assertTrue(Stamps.isForeign(Stamps.of(1000, sector) ^ 6, 1000, sector), "two bits");
    }
  }
}

package io.quorate.storage.disk;

import java.io.IOException;
import java.util.List;

/** How far an inspection is, of all the bytes that it reads. */
final class InspectionProgress {
  private final ProgressMeter meter;
  private long total;
  private long done;

  InspectionProgress(ProgressMeter meter) {
    this.meter = meter;
  }

  /** It begins: reads segments once for their records and once for their stamps, and snapshots. */
  void begin(Disk disk, List<String> names) {
    for (String name : names) {
      if (Recovery.isSegment(name)) {
        total += 2 * size(disk, name);
      } else if (SnapshotName.ofFinished(name) != null) {
        total += size(disk, name);
      }
    }
    meter.begin(ProgressListener.Phase.VERIFICATION, total);
  }

  private static long size(Disk disk, String name) {
    try (Disk.File file = disk.open(name)) {
      return file.size();
    } catch (IOException e) {
      return 0; // It is said where the file is looked at.
    }
  }

  /** For the replay, which measures by itself. */
  ProgressMeter ofReplay() {
    return meter.part();
  }

  /** The replay has read that much. */
  void replayed(long bytes) {
    done = bytes;
  }

  /** That much more was read. */
  void looked(long bytes) {
    done += bytes;
    meter.advance(done);
  }

  /** All was read that could be. */
  void end() {
    if (done < total) {
      meter.advance(total);
    }
  }
}

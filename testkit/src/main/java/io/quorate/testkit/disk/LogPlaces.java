package io.quorate.testkit.disk;

import io.quorate.testkit.disk.SimDisk.Part;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Where on a platter what stands, by docs/log-format.md; so that a bit of it can be flipped. */
/* The offsets are those of the page, not of the production code: two readers of one format. They
 * count the bytes of records, as the page does, without the stamps of sectors. Records behind damage
 * are not looked for.
 */
final class LogPlaces {
  private static final int SEGMENT_HEADER = 32;
  private static final int HEADER = 80;
  private static final int HEADER_CRC_AT = 76;
  private static final int STAMP = 8;
  private static final int IN_SECTOR = SimFile.SECTOR - STAMP;
  private static final int ENTRY = 1;
  private static final int TRUNCATION = 2;
  private static final int SAVED = 3;
  private static final int RELEASE = 5;
  private static final int REMOVED = 6;
  private static final int LOST = 8;
  private static final int TRIES = 64;

  private final List<Run> segments = new ArrayList<>();
  private @Nullable Run snapshot;
  private final TreeMap<Address, Written> entries = new TreeMap<>();
  private final TreeMap<Long, Written> saved = new TreeMap<>();

  /** One byte. */
  record Place(SimFile file, long offset) {}

  /** Bytes of records; or of the file, if {@code from} is below 0, from its start on. */
  private record Run(SimFile file, int from, int length) {
    long place(int at) {
      return from < 0 ? at : inFile(from + at);
    }
  }

  private record Written(SimFile file, int at, int length) {
    Run header() {
      return new Run(file, at, HEADER);
    }

    Run value() {
      return new Run(file, at + HEADER, length);
    }
  }

  private record Address(long group, long epoch, long index) implements Comparable<Address> {
    @Override
    public int compareTo(Address other) {
      int byGroup = Long.compare(group, other.group);
      int byEpoch = byGroup != 0 ? byGroup : Long.compare(epoch, other.epoch);
      return byEpoch != 0 ? byEpoch : Long.compare(index, other.index);
    }
  }

  private LogPlaces() {}

  static LogPlaces of(Map<String, SimFile> files) {
    LogPlaces places = new LogPlaces();
    for (Map.Entry<String, SimFile> file : files.entrySet()) {
      if (file.getKey().matches("[0-9]{16}\\.log")) {
        places.read(file.getValue(), Long.parseLong(file.getKey().substring(0, 16)));
      } else if (file.getKey().endsWith(".snap")) { // The last name is that of the newest.
        places.snapshot = new Run(file.getValue(), -1, (int) file.getValue().durableSize());
      }
    }
    return places;
  }

  private void read(SimFile file, long number) {
    ByteBuffer bytes = withoutStamps(file, number);
    segments.add(new Run(file, 0, SEGMENT_HEADER));
    for (int at = place(SEGMENT_HEADER); isHeader(bytes, at, number); ) {
      int length = bytes.getInt(at + 4);
      note(bytes, at, new Written(file, at, length));
      at = place(at + HEADER + length);
    }
  }

  /** Where the next header stands: at a multiple of 8, and in one sector. */
  private static int place(int offset) {
    int aligned = (offset + 7) & -8;
    int inSector = aligned % IN_SECTOR;
    return inSector + HEADER > IN_SECTOR ? aligned - inSector + IN_SECTOR : aligned;
  }

  /** The bytes of records, and zeros where the segment has not written. */
  private static ByteBuffer withoutStamps(SimFile file, long number) {
    ByteBuffer raw = ByteBuffer.allocate((int) file.durableSize());
    file.readDurable(raw, 0);
    int sectors = raw.limit() / SimFile.SECTOR;
    ByteBuffer bytes = ByteBuffer.allocate(sectors * IN_SECTOR);
    for (int sector = 0; sector < sectors; sector++) {
      int at = sector * SimFile.SECTOR;
      if (raw.getInt(at) == number) {
        bytes.put(sector * IN_SECTOR, raw, at + STAMP, IN_SECTOR);
      }
    }
    return bytes;
  }

  private static long inFile(int offset) {
    return (long) (offset / IN_SECTOR) * SimFile.SECTOR + STAMP + offset % IN_SECTOR;
  }

  private static boolean isHeader(ByteBuffer bytes, int at, long number) {
    if (at + HEADER > bytes.limit() || bytes.get(at) != 'Q') {
      return false;
    }
    CRC32C crc = new CRC32C();
    crc.update(bytes.slice(at, HEADER_CRC_AT));
    return (int) crc.getValue() == bytes.getInt(at + HEADER_CRC_AT)
        && bytes.getLong(at + 56) == (number << 32) + at
        && bytes.getInt(at + 4) <= bytes.limit() - at - HEADER;
  }

  private void note(ByteBuffer bytes, int at, Written record) {
    long group = bytes.getLong(at + 8);
    Address address = new Address(group, bytes.getLong(at + 24), bytes.getLong(at + 32));
    switch (bytes.get(at + 2)) {
      case ENTRY, LOST -> entries.put(address, record);
      case TRUNCATION ->
          entries
              .subMap(address, true, new Address(group, address.epoch, Long.MAX_VALUE), true)
              .clear();
      case SAVED -> saved.put(group, record);
      case RELEASE -> entries.subMap(new Address(group, 0, 0), true, address, true).clear();
      case REMOVED -> {
        entries
            .subMap(new Address(group, 0, 0), new Address(group, Long.MAX_VALUE, Long.MAX_VALUE))
            .clear();
        saved.remove(group);
      }
      default -> {
        // The creation of a replica, or segments given up: of no part.
      }
    }
  }

  /** Some byte of that part; null if there is none, or none that was found in so many tries. */
  @Nullable Place any(Part part, Random random) {
    List<Run> runs = runs(part);
    for (int i = 0; i < TRIES && !runs.isEmpty(); i++) {
      Run run = runs.get(random.nextInt(runs.size()));
      long offset = run.place(random.nextInt(run.length));
      if (run.file.isSettled(offset)) {
        return new Place(run.file, offset);
      }
    }
    return null;
  }

  private List<Run> runs(Part part) {
    List<Run> runs = new ArrayList<>();
    switch (part) {
      case ENTRY -> entries.values().forEach(record -> runs.add(record.value()));
      case ENTRY_HEADER -> entries.values().forEach(record -> runs.add(record.header()));
      case SAVED_RECORD -> saved.values().forEach(record -> runs.add(record.value()));
      case SEGMENT_HEADER -> runs.addAll(segments);
      case SNAPSHOT -> {
        if (snapshot != null) {
          runs.add(snapshot);
        }
      }
      case ANYWHERE ->
          segments.forEach(
              segment -> runs.add(new Run(segment.file, -1, (int) segment.file.durableSize())));
    }
    runs.removeIf(run -> run.length == 0);
    return runs;
  }
}

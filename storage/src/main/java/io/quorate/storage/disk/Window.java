package io.quorate.storage.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Shows a segment piece by piece, reading it in large steps. Its bytes stay where the file's call
 * has put them, between the stamps of their sectors.
 *
 * <p>Offsets are those of the records. Not safe for concurrent use.
 */
final class Window {
  private static final int STEP_SECTORS = 2048;

  /** A checksum takes three times as long by sectors; these stay in the processor's first cache. */
  private static final int JOINED_BYTES = 8 << 10;

  private static final ByteBuffer NO_VALUE = ByteBuffer.allocate(0);

  private final ByteBuffer sectors;
  private final ByteBuffer header = ByteBuffer.allocate(RecordHeader.BYTES);
  private final byte[] joined = new byte[JOINED_BYTES];
  private final CRC32C crc = new CRC32C();
  private Segment segment;

  /** The number of the first sector that is shown, and of the one behind the last. */
  private int first;

  private int end;

  Window(Segment segment, int stepSectors) {
    this.segment = segment;
    int count = Math.min(stepSectors, segment.size() / SectorFile.DATA);
    sectors = ByteBuffer.allocateDirect(count * SectorFile.SECTOR);
  }

  Window(Segment segment) {
    this(segment, STEP_SECTORS);
  }

  /** Goes on with another segment. */
  void move(Segment other) {
    if (segment.number() != other.number()) {
      segment = other;
      first = 0;
      end = 0;
    }
  }

  /** The bytes from {@code offset} on, in its sector, which must be there; valid until the next. */
  ByteBuffer at(int offset, int length) throws IOException {
    return sectors.slice(find(offset), length);
  }

  /** As many bytes as a header has, from {@code offset} on: a copy, valid until the next call. */
  ByteBuffer header(int offset) throws IOException {
    sectors.get(find(offset), header.array());
    return header;
  }

  /** Where that byte stands in {@link #sectors}, and the rest of its sector. */
  private int find(int offset) throws IOException {
    int sector = offset / SectorFile.DATA;
    if (sector < first || sector >= end) {
      fill(sector);
    }
    return (int) (SectorFile.inFile(offset) - (long) first * SectorFile.SECTOR);
  }

  /** CRC-32C of so many bytes from {@code offset} on. */
  int crc(int offset, int length) throws IOException {
    crc.reset();
    for (int done = 0; done < length; ) {
      int some = Math.min(length - done, joined.length);
      copy(offset + done, joined, some);
      crc.update(joined, 0, some);
      done += some;
    }
    return (int) crc.getValue();
  }

  /** A copy of a record's value. */
  ByteBuffer value(RecordHeader header) throws IOException {
    byte[] value = new byte[header.length()];
    copy(Position.offset(header.position()) + RecordHeader.BYTES, value, value.length);
    return ByteBuffer.wrap(value);
  }

  /** That of a record that is none of an entry; nothing for one, of which the replay wants none. */
  ByteBuffer wanted(RecordHeader header) throws IOException {
    return header.type().isEntry() ? NO_VALUE : value(header);
  }

  private void copy(int offset, byte[] into, int length) throws IOException {
    for (int done = 0; done < length; ) {
      int next = offset + done;
      int part = Math.min(length - done, SectorFile.DATA - next % SectorFile.DATA);
      sectors.get(find(next), into, done, part);
      done += part;
    }
  }

  private void fill(int sector) throws IOException {
    first = sector;
    end = sector;
    int room = segment.size() / SectorFile.DATA - sector;
    int count = Math.min(sectors.capacity() / SectorFile.SECTOR, room);
    segment.file().readWritten(sectors.clear().limit(count * SectorFile.SECTOR), sector);
    sectors.clear();
    end = sector + count;
  }
}

package io.quorate.storage.disk;

import io.quorate.spi.Entry;
import io.quorate.spi.Stamp;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What stands before each value in a segment; docs/log-format.md gives the places of the fields.
 *
 * @param type what the record says
 * @param kind of an entry, or a lost one; 0 in other records
 * @param length of the value
 * @param group the group that it belongs to
 * @param instance the incarnation of this host's replica in that group
 * @param epoch of an entry, a lost one, a truncation, a release or a seal, else 0
 * @param index of an entry; the last that counts of a sealed epoch; the first that a truncation
 *     removes, the last that a release gives up; the first segment that is needed; else 0
 * @param stamp of an entry, or a lost one
 * @param position of this header: bytes of another place cannot pass for it
 * @param durable where the log was durable up to when this was written
 * @param valueCrc CRC-32C of the value
 */
record RecordHeader(
    Type type,
    int kind,
    int length,
    long group,
    long instance,
    long epoch,
    long index,
    Stamp stamp,
    long position,
    long durable,
    int valueCrc) {
  static final int BYTES = 80;
  static final byte MAGIC = 'Q';
  static final byte VERSION = 1;

  private static final int KIND_AT = 3;
  private static final int LENGTH_AT = 4;
  private static final int GROUP_AT = 8;
  private static final int INSTANCE_AT = 16;
  private static final int EPOCH_AT = 24;
  private static final int INDEX_AT = 32;
  private static final int STAMP_AT = 40;
  private static final int POSITION_AT = 56;
  private static final int DURABLE_AT = 64;
  private static final int VALUE_CRC_AT = 72;
  private static final int CRC_AT = BYTES - Integer.BYTES;
  private static final int KINDS = Entry.Kind.values().length;

  /** What a record says. The codes are part of the format. */
  enum Type {
    /** An entry was written: it replaces an earlier one of the same epoch and index. */
    ENTRY(1),
    /** All entries of the epoch from the index on were removed. */
    TRUNCATION(2),
    /** The engine's record was replaced. */
    SAVED(3),
    /** The replica was created; the value is its member id, four bytes. */
    CREATED(4),
    /** All entries of earlier epochs, and of this one up to and with the index, were given up. */
    RELEASE(5),
    /** The replica was removed, with all its records. */
    REMOVED(6),
    /** Of no replica: the segments in front of the one whose number is the index are given up. */
    DROPPED(7),
    /** Stands for an entry whose value was found damaged when its record had to be copied. */
    LOST(8),
    /** Nothing of the epoch behind the index counts; the value is what comes next. */
    SEAL(9);

    private static final Type[] BY_CODE = values();
    private final int code;

    Type(int code) {
      this.code = code;
    }

    /** Whether an entry, readable or not, stands at the record's epoch and index. */
    boolean isEntry() {
      return this == ENTRY || this == LOST;
    }

    private static @Nullable Type of(int code) {
      return code < 1 || code > BY_CODE.length ? null : BY_CODE[code - 1];
    }
  }

  /** Puts the header at the buffer's position. */
  void encode(ByteBuffer out) {
    int at = out.position();
    out.put(MAGIC).put(VERSION).put((byte) type.code).put((byte) kind).putInt(length);
    out.putLong(group).putLong(instance).putLong(epoch).putLong(index);
    out.putLong(stamp.high()).putLong(stamp.low()).putLong(position).putLong(durable);
    out.putInt(valueCrc).putInt(crc(out, at, CRC_AT));
  }

  /**
   * The header at {@code at}.
   *
   * @return null if it is not what was written there
   */
  static @Nullable RecordHeader decode(ByteBuffer in, int at, long position) {
    @Nullable RecordHeader header = decode(in, at);
    return header == null || header.position != position ? null : header;
  }

  /**
   * The header at {@code at}, wherever it belongs.
   *
   * @return null if there is none
   */
  static @Nullable RecordHeader decode(ByteBuffer in, int at) {
    if (in.get(at) != MAGIC || !isIntact(in, at)) {
      return null;
    }
    @Nullable Type type = Type.of(in.get(at + 2));
    if (in.get(at + 1) != VERSION || type == null || in.getInt(at + LENGTH_AT) < 0) {
      return null;
    }
    if (type.isEntry() && !isKind(in.get(at + KIND_AT))) {
      return null;
    }
    if ((type == Type.DROPPED) != (in.getLong(at + GROUP_AT) == 0)) {
      return null;
    }
    return new RecordHeader(
        type,
        in.get(at + KIND_AT),
        in.getInt(at + LENGTH_AT),
        in.getLong(at + GROUP_AT),
        in.getLong(at + INSTANCE_AT),
        in.getLong(at + EPOCH_AT),
        in.getLong(at + INDEX_AT),
        new Stamp(in.getLong(at + STAMP_AT), in.getLong(at + STAMP_AT + Long.BYTES)),
        in.getLong(at + POSITION_AT),
        in.getLong(at + DURABLE_AT),
        in.getInt(at + VALUE_CRC_AT));
  }

  private static boolean isIntact(ByteBuffer in, int at) {
    return in.getInt(at + CRC_AT) == crc(in, at, CRC_AT);
  }

  /**
   * The header of an entry at the start of {@code in}, if it is the next one, and like this: of the
   * same replica, epoch, kind and stamp. Most are, and this makes nothing for each of a million.
   *
   * @param at the place where it was found
   * @param next has that of the entry before, and takes it in
   * @return whether it is one
   */
  boolean readNext(ByteBuffer in, long at, Next next) {
    if (type != Type.ENTRY
        || in.getInt(0) != (MAGIC << 24 | VERSION << 16 | type.code << 8 | kind)
        || in.getLong(GROUP_AT) != group
        || in.getLong(INSTANCE_AT) != instance
        || in.getLong(EPOCH_AT) != epoch
        || in.getLong(INDEX_AT) != next.index + 1
        || in.getLong(STAMP_AT) != stamp.high()
        || in.getLong(STAMP_AT + Long.BYTES) != stamp.low()
        || in.getLong(POSITION_AT) != at
        || in.getInt(LENGTH_AT) < 0
        || !isIntact(in, 0)) {
      return false;
    }
    next.length = in.getInt(LENGTH_AT);
    next.index++;
    next.durable = in.getLong(DURABLE_AT);
    next.valueCrc = in.getInt(VALUE_CRC_AT);
    return true;
  }

  /** What the header of an entry has of its own. */
  static final class Next {
    int length;
    long index;
    long durable;
    int valueCrc;

    /** As that header has it. */
    void set(RecordHeader header) {
      length = header.length;
      index = header.index;
      durable = header.durable;
      valueCrc = header.valueCrc;
    }
  }

  /** Whether no header stands there: zeros, of which a disk may have flipped one bit. */
  static boolean isBlank(ByteBuffer in, int at) {
    return Sectors.bits(in, at, BYTES, 1) <= 1;
  }

  /**
   * The header at {@code in}'s {@code place}, where the segment's bytes from {@code at} on are.
   *
   * @return null if it is not what was written there, or its record would leave the segment
   */
  static @Nullable RecordHeader decode(ByteBuffer in, int place, Segment segment, int at) {
    @Nullable RecordHeader header = decode(in, place, Position.of(segment.number(), at));
    return header == null || header.length > segment.size() - at - BYTES ? null : header;
  }

  private static boolean isKind(int code) {
    return code >= 1 && code <= KINDS;
  }

  /** CRC-32C of {@code length} bytes from {@code at} on. */
  static int crc(ByteBuffer bytes, int at, int length) {
    CRC32C crc = new CRC32C();
    if (bytes.hasArray()) { // Without a slice.
      crc.update(bytes.array(), bytes.arrayOffset() + at, length);
    } else {
      crc.update(bytes.slice(at, length));
    }
    return (int) crc.getValue();
  }
}

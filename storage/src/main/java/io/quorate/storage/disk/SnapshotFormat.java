package io.quorate.storage.disk;

import io.quorate.spi.Payload;
import io.quorate.spi.Snapshots.Snapshot;
import io.quorate.spi.Stamp;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** The bytes of a snapshot file; docs/log-format.md gives the places of the fields. */
final class SnapshotFormat {
  /*
   * A header, blocks of content, an end. Each is a whole number of pages, so that a direct write
   * needs nothing of what is around it, and each ends with a checksum of all its other bytes: there
   * is no bit in the file that none covers.
   *
   * A checksum of blocks and end begins with the header's, with what it is of, and with the block's
   * number. So what was written for another place or another snapshot does not pass. The end is the
   * last page of the file, and says how long the content is: a file that was cut has none.
   *
   * The digest is a cryptographic one, because it has to tell contents apart, and not only to
   * notice damage: a transfer that broke off may go on with what another replica sends, whose state
   * is the same, but not always its bytes.
   */
  static final int PAGE_BYTES = 4096;
  static final int BLOCK_BYTES = 64 << 10;

  /** How much content a whole block has. */
  static final int CONTENT_BYTES = BLOCK_BYTES - Integer.BYTES;

  private static final int VERSION = 1;
  private static final int MAGIC = 0x51534e50; // QSNP
  private static final int MAGIC_BLOCK = 0x51424c4b; // QBLK
  private static final int MAGIC_END = 0x51454e44; // QEND
  private static final int FEATURES_AT = 8;
  private static final int DIGEST_AT = 72;
  private static final int END_DIGEST_AT = 16;
  private static final Payload NO_DIGEST = Payload.of(new byte[Snapshot.DIGEST_BYTES]);

  private SnapshotFormat() {}

  /**
   * What a file begins with.
   *
   * @param received whether another replica sends it
   * @param told what that one says of it; of a snapshot of the own state, length and digest are 0
   */
  record Header(long group, long instance, boolean received, Snapshot told) {
    /** Of the own state. */
    static Header taken(long group, long instance, long epoch, long index, Stamp stamp) {
      return new Header(group, instance, false, new Snapshot(epoch, index, stamp, 0, NO_DIGEST));
    }

    SnapshotName name() {
      return new SnapshotName(group, instance, told.epoch(), told.index());
    }

    ByteBuffer encode() {
      ByteBuffer page = DirectFile.aligned(PAGE_BYTES);
      page.putInt(MAGIC).putInt(VERSION).putInt(0).putInt(received ? 1 : 0);
      page.putLong(group).putLong(instance).putLong(told.epoch()).putLong(told.index());
      page.putLong(told.stamp().high()).putLong(told.stamp().low()).putLong(told.length());
      page.put(told.digest().buffer());
      return seal(page.clear(), 0, 0, 0);
    }
  }

  /**
   * What is wrong with a header.
   *
   * @return null if it is one of a snapshot, of whatever place and version
   */
  static @Nullable String flaw(ByteBuffer page) {
    if (page.remaining() < PAGE_BYTES || page.getInt(0) != MAGIC || !isSealed(page, 0, 0, 0)) {
      return "the header is not what was written";
    }
    boolean isPlace = page.getLong(32) >= 1 && page.getLong(40) >= 0 && page.getLong(64) >= 0;
    return isPlace || later(page) != null ? null : "the header has no place in a log";
  }

  /** Why this version cannot read what has an intact header; null if it can. */
  static @Nullable String later(ByteBuffer page) {
    return page.getInt(4) == VERSION && page.getInt(FEATURES_AT) == 0
        ? null
        : String.format(
            "a later version of Quorate wrote this (format version %d, feature bits %x; this one"
                + " reads version %d without any): use that one",
            page.getInt(4), page.getInt(FEATURES_AT), VERSION);
  }

  /** The header in a page that has no flaw. */
  static Header header(ByteBuffer page) {
    Stamp stamp = new Stamp(page.getLong(48), page.getLong(56));
    Payload digest = digest(page, DIGEST_AT);
    Snapshot told =
        new Snapshot(page.getLong(32), page.getLong(40), stamp, page.getLong(64), digest);
    return new Header(page.getLong(16), page.getLong(24), page.getInt(12) == 1, told);
  }

  /** The last page of a file. */
  static ByteBuffer putEnd(ByteBuffer page, int salt, long length, Payload digest) {
    page.putInt(0, MAGIC_END).putInt(4, 0).putLong(8, length);
    page.put(END_DIGEST_AT, digest.toByteArray());
    return seal(page, salt, MAGIC_END, blocks(length));
  }

  /**
   * The length and digest that the last page of a file tells.
   *
   * @param place of the snapshot
   * @return null if it is not the end that was written
   */
  static @Nullable Snapshot end(ByteBuffer page, int salt, Snapshot place) {
    long length = page.getLong(8);
    if (page.getInt(0) != MAGIC_END
        || length < 0
        || !isSealed(page, salt, MAGIC_END, blocks(length))) {
      return null;
    }
    Payload digest = digest(page, END_DIGEST_AT);
    return new Snapshot(place.epoch(), place.index(), place.stamp(), length, digest);
  }

  private static Payload digest(ByteBuffer page, int at) {
    byte[] digest = new byte[Snapshot.DIGEST_BYTES];
    page.get(at, digest);
    return Payload.of(digest);
  }

  // Blocks

  /** How many blocks so much content has. */
  static long blocks(long length) {
    return length / CONTENT_BYTES + (length % CONTENT_BYTES == 0 ? 0 : 1);
  }

  /** Where a block begins, the first being number 0; and the end, whose number is the next. */
  static long blockAt(long number) {
    return PAGE_BYTES + number * BLOCK_BYTES;
  }

  /** How large a block of so much content is. */
  static int blockBytes(int content) {
    return (content + Integer.BYTES + PAGE_BYTES - 1) & -PAGE_BYTES;
  }

  /** Where the end stands behind so much content. */
  static long endAt(long length) {
    int last = (int) (length % CONTENT_BYTES);
    return blockAt(length / CONTENT_BYTES) + (last == 0 ? 0 : blockBytes(last));
  }

  /** How large the file of so much content is. */
  static long fileBytes(long length) {
    return endAt(length) + PAGE_BYTES;
  }

  /** Puts the checksum into a block. */
  static void sealBlock(ByteBuffer block, int salt, long number) {
    seal(block, salt, MAGIC_BLOCK, number);
  }

  static boolean isBlock(ByteBuffer block, int salt, long number) {
    return isSealed(block, salt, MAGIC_BLOCK, number);
  }

  // Checksums

  /** The checksum of a header, with which those of its blocks begin. */
  static int salt(ByteBuffer header) {
    return header.getInt(PAGE_BYTES - Integer.BYTES);
  }

  private static ByteBuffer seal(ByteBuffer bytes, int salt, int what, long number) {
    int at = bytes.limit() - Integer.BYTES;
    return bytes.putInt(at, crc(bytes, at, salt, what, number));
  }

  private static boolean isSealed(ByteBuffer bytes, int salt, int what, long number) {
    int at = bytes.limit() - Integer.BYTES;
    return bytes.getInt(at) == crc(bytes, at, salt, what, number);
  }

  private static int crc(ByteBuffer bytes, int length, int salt, int what, long number) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(16).putInt(salt).putInt(what).putLong(number).flip());
    crc.update(bytes.slice(0, length));
    return (int) crc.getValue();
  }

  static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}

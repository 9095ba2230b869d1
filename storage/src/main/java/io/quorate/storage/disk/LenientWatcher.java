package io.quorate.storage.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Notes damage, and tells a replay where to go on behind it. */
final class LenientWatcher implements Replay.Watcher {
  /*
   * It goes on at the same header, if putting one bit right makes it one that tells this place; or
   * else at the next one that is intact and tells its own place. What lies between is part of the
   * damage: nobody can say what it was.
   */
  private final Findings findings;
  private final Inspection.RecordVisitor visitor;
  private final List<RecordHeader> unsound = new ArrayList<>();

  /** Where the bytes of the last record end that was read in a segment. */
  private final Map<Integer, Integer> ends = new HashMap<>();

  private long resumedAt = -1;
  private long records;

  LenientWatcher(Findings findings, Inspection.RecordVisitor visitor) {
    this.findings = findings;
    this.visitor = visitor;
  }

  @Override
  public void damaged(DamageException damage) {
    findings.refusals.add(damage);
    findings.add(place(damage));
  }

  private static Damage place(DamageException damage) {
    return Objects.requireNonNull(damage.damage());
  }

  @Override
  public @Nullable RecordHeader rescue(DamageException damage, Segment segment, int at)
      throws IOException {
    findings.refusals.add(damage);
    ByteBuffer found = ByteBuffer.allocate(RecordHeader.BYTES);
    segment.file().read(found, at);
    int bit = Flip.inHeader(found, segment, at);
    if (bit >= 0) {
      RecordHeader mended = Flip.mended(found, bit, segment, at);
      findings.addFlip(Damage.of(mended, place(damage).what(), Damage.Remedy.UNDO), bit);
      return mended;
    }
    @Nullable RecordHeader next = nextIntact(segment, at);
    String lost =
        next == null
            ? "nothing that may follow in this file was looked at"
            : "what stands before offset " + offset(next) + " cannot be told";
    Damage place = place(damage);
    findings.add(Damage.at(place.file(), place.offset(), place.what() + "; " + lost));
    resumedAt = next == null ? -1 : next.position();
    if (next == null) {
      ends.put(segment.number(), segment.size());
    }
    return next;
  }

  private static long offset(RecordHeader header) {
    return SectorFile.inFile(Position.offset(header.position()));
  }

  /** The next header behind {@code from} that is intact and tells its own place. */
  private static @Nullable RecordHeader nextIntact(Segment segment, int from) throws IOException {
    Window window = new Window(segment);
    for (int at = Sectors.place(from + 1);
        at + RecordHeader.BYTES <= segment.size();
        at = Sectors.place(at + 1)) {
      @Nullable RecordHeader header = RecordHeader.decode(window.header(at), 0, segment, at);
      if (header != null) {
        return header;
      }
    }
    return null;
  }

  @Override
  public void read(Segment segment, RecordHeader header, Window window, boolean intact)
      throws IOException {
    int at = Position.offset(header.position());
    if (header.position() != resumedAt) {
      zeros(segment, end(segment), at);
    }
    ends.put(segment.number(), at + RecordHeader.BYTES + header.length());
    if (!intact || header.type() == RecordHeader.Type.LOST) {
      unsound.add(header);
    }
    records++;
    visitor.record(header, window.value(header), intact);
  }

  /** Looks for what is not zero where no record stands. */
  private void zeros(Segment segment, int from, int to) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.max(0, to - from));
    segment.file().read(bytes, from);
    int length = bytes.position();
    int at = 0;
    while (at < length && bytes.get(at) == 0) {
      at++;
    }
    if (at < length) {
      String what = "what stands behind a record is not zero";
      Damage damage = Damage.harmless(segment, SectorFile.inFile(from + at), what);
      if (Sectors.bits(bytes, 0, length, 1) == 1) {
        findings.addFlip(damage, Integer.numberOfTrailingZeros(bytes.get(at)));
      } else {
        findings.add(damage);
      }
    }
  }

  /** As {@link #zeros}, behind the last record of a segment. */
  void lookBehind(Segment segment) throws IOException {
    int end = end(segment);
    int place = Sectors.place(end);
    int border =
        Math.min((end + Sectors.BYTES - 1) / Sectors.BYTES * Sectors.BYTES, segment.size());
    boolean isRecord = findings.isDamaged(segment.name(), SectorFile.inFile(place));
    if (place + RecordHeader.BYTES <= segment.size()) {
      ByteBuffer found = ByteBuffer.allocate(RecordHeader.BYTES);
      segment.file().read(found, place);
      isRecord |= RecordHeader.decode(found, 0, segment, place) != null; // It is torn.
    }
    zeros(segment, end, isRecord ? Math.min(border, place) : border);
  }

  private int end(Segment segment) {
    return ends.getOrDefault(segment.number(), Segment.FIRST);
  }

  /** How much of the segment's file holds records. */
  long usedBytes(Segment segment) {
    return SectorFile.inFile(end(segment) - 1) + 1;
  }

  /** Records whose value is damaged, or lost. */
  List<RecordHeader> unsound() {
    return unsound;
  }

  long records() {
    return records;
  }
}

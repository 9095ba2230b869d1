package io.quorate.storage.disk;

import io.quorate.spi.Payload;
import io.quorate.spi.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the log from growing: copies what is live in the oldest segment to the end, a part with
 * each sync, and gives up segments in which nothing is live. Log thread, but for the counts.
 */
final class Compactor {
  /*
   * The oldest segment first, always. Then whatever a truncation, a release or a removal applies to
   * stands in front of it: in the same segment, or in ones that are gone. So these need no copies,
   * but for the last release, which tells an empty log where it begins.
   *
   * The log thread decides what is live, and moves the index, at the moment when it buffers the
   * copy: a record for the same place comes either before, and then there is no copy, or behind it,
   * and wins. What the helper has read before is only bytes.
   *
   * A segment is given up in two syncs. With the first, all copies are durable, and whatever else has
   * superseded its records. The second makes the record durable that says which segment is the first
   * one needed. Then the files may go. The index has long been moved when they do, so a reader that
   * comes too late looks again (EntryReader), and one that is at it holds its segment (Segments).
   *
   * More is copied the more is appended, and the log thread reads itself if the helper does not keep up:
   * so the log takes no more than twice what is live, and a few segments.
   *
   * Whatever goes wrong in reading, a segment is never given up while the count says that something
   * live is in it.
   */
  private static final int COPY_BYTES_MAX = 256 << 10;
  private static final int PIECE_BYTES_MAX = 1 << 20;

  private final LogWriter writer;
  private final Segments segments;
  private final LiveBytes live;
  private final Map<Long, GroupImage> groups;
  private final int segmentBytes;
  private final Executor helper;
  private final ProgressMeter meter;
  private final Leftovers leftovers;
  private final AtomicLong copies = new AtomicLong();
  private final AtomicLong drops = new AtomicLong();

  private @Nullable Victim victim;
  private long appendedBefore;
  private int firstNeeded;
  private int dropping;
  private int failedAt;
  private int stuck;
  private volatile List<String> findings = List.of();

  /**
   * Of a log that was opened.
   *
   * @param groups all replicas, whether anybody has opened them or not
   */
  Compactor(
      LogWriter writer,
      LiveBytes live,
      Map<Long, GroupImage> groups,
      int segmentBytes,
      Executor helper,
      ProgressMeter meter,
      Leftovers leftovers) {
    this.writer = writer;
    this.segments = writer.segments();
    this.live = live;
    this.groups = groups;
    this.segmentBytes = segmentBytes;
    this.helper = helper;
    this.meter = meter;
    this.leftovers = leftovers;
  }

  /** Before what was written is made durable: adds some copies, and what gives up segments. */
  void beforeSync() {
    long appended = writer.appendedBytes() - appendedBefore;
    try {
      if (firstNeeded > segments.first()) {
        writer.append(RecordHeader.Type.DROPPED, 0, 0, firstNeeded);
        dropping = firstNeeded;
      }
      copy(Math.max(Math.min(COPY_BYTES_MAX, segmentBytes / 16), appended));
    } catch (IOException e) {
      stop(String.valueOf(e.getMessage()));
    } catch (StorageException e) {
      throw e;
    } catch (RuntimeException | Error e) {
      throw writer.poison("compacted", e);
    }
  }

  /** All that was written is durable. */
  void afterSync() {
    try {
      appendedBefore = writer.appendedBytes();
      if (dropping > segments.first()) {
        live.dropBefore(dropping);
        drops.addAndGet(dropping - segments.first());
        leftovers.delete(segments.dropBefore(dropping));
      }
      if (!findings.isEmpty() && segments.first() > stuck) {
        findings = List.of();
      }
      lookForEmpty();
      lookForVictim();
    } catch (RuntimeException | Error e) {
      throw writer.poison("compacted", e);
    }
  }

  private void lookForEmpty() {
    int number = segments.first();
    while (number < segments.last() && live.of(number) == 0) {
      number++;
    }
    firstNeeded = number;
  }

  private void lookForVictim() {
    int oldest = segments.first();
    if (victim == null
        && firstNeeded == oldest
        && oldest < segments.last()
        && failedAt != segments.last()
        && takesMoreThan(2)) {
      int pieceBytes = Math.min(PIECE_BYTES_MAX, segmentBytes / 4);
      victim = new Victim(segments, groups, pieceBytes, helper, meter);
    }
  }

  /** Whether twice what is live would have room if there were so many segments less. */
  private boolean takesMoreThan(int spare) {
    return segments.bytes() > 2 * live.total() + (long) spare * segmentBytes;
  }

  /** Whether more was appended than the helper could keep up with. */
  private boolean isBehind() {
    return takesMoreThan(4);
  }

  /** Copies up to so many bytes, and the record that exceeds them. */
  private void copy(long bytesMax) throws IOException {
    Victim source = victim;
    if (source == null) {
      return;
    }
    for (long bytes = 0; bytes < bytesMax && live.of(source.number()) > 0; ) {
      Victim.@Nullable Found found = source.next(isBehind());
      if (found == null) {
        if (source.isDone()) {
          throw new IOException(
              String.format(
                  "%s: %d bytes of live records are not found",
                  Segment.name(source.number()), live.of(source.number())));
        }
        return;
      }
      bytes += copy(found);
    }
    if (live.of(source.number()) == 0) {
      victim = null;
    }
  }

  private int copy(Victim.Found found) throws IOException {
    RecordHeader record = found.header();
    @Nullable GroupImage image = groups.get(record.group());
    if (image == null || image.instance() != record.instance() || !image.isLive(record)) {
      return 0;
    }
    boolean isLost = !found.intact();
    if (isLost && !record.type().isEntry()) {
      throw new IOException(
          String.format(
              "%s, offset %d: a %s record of group %d is damaged",
              Segment.name(Position.segment(record.position())),
              SectorFile.inFile(Position.offset(record.position())),
              record.type().name().toLowerCase(Locale.ROOT),
              record.group()));
    }
    ByteBuffer value = isLost ? Payload.EMPTY.buffer() : found.value();
    long position =
        writer.append(
            isLost ? RecordHeader.Type.LOST : record.type(),
            record.kind(),
            record.group(),
            record.instance(),
            record.epoch(),
            record.index(),
            record.stamp(),
            value,
            isLost ? Payload.EMPTY.crc() : record.valueCrc());
    int length = RecordHeader.BYTES + value.remaining();
    image.moved(record, isLost, position, length);
    copies.incrementAndGet();
    return length;
  }

  /** The segment stays; it is tried again when the log has gone on in another one. */
  private void stop(String why) {
    victim = null;
    failedAt = segments.last();
    stuck = segments.first();
    findings = List.of(sentence(why));
    helper.execute(() -> meter.stop(0, why));
  }

  private static String sentence(String why) {
    return String.format(
        "its oldest file cannot be given up (%s), so the log only grows; it is tried again with"
            + " each file more. See to it that the disk works; if something is damaged, have the"
            + " replica that it is of removed and let it join again",
        why);
  }

  /**
   * Why the oldest segment, and all behind it, cannot be given up; empty if they can. Any thread.
   */
  List<String> findings() {
    return findings;
  }

  /** How many records were copied. */
  long copies() {
    return copies.get();
  }

  /** How many segments were given up. */
  long drops() {
    return drops.get();
  }
}

package io.quorate.storage.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The records at the beginning of a segment, up to the first one that is not as it was written: to
 * look at each byte is what takes the time of an opening, and can be done on any thread, before it
 * is known what stands in front. Behind them there may be more that are sound.
 */
final class SoundRecords {
  /*
   * Most records are entries with consecutive indexes of one leader: these are a run, and of each of
   * them only its length is kept. What one core writes another one has to fetch.
   */
  private static final int RUNS_BYTES_MAX = 8 << 20;
  private static final int RUN_BYTES = 200;

  private final Segment segment;
  private final List<Run> runs = new ArrayList<>();
  private int[] lengths = new int[64];
  private int count;
  private int end = Segment.FIRST;
  private long durable;

  // Of the reading.
  private final RecordHeader.Next next = new RecordHeader.Next();
  private @Nullable RecordHeader like;
  private int runsBytes;

  private SoundRecords(Segment segment) {
    this.segment = segment;
  }

  /**
   * A record, and those that follow and are like it.
   *
   * @param value if it is none of an entry
   * @param at which one of the segment's records it is
   */
  private record Run(RecordHeader header, ByteBuffer value, int at) {}

  /** Takes records in, in their order. */
  interface Sink {
    /**
     * A record.
     *
     * @param value if it is none of an entry
     */
    void record(RecordHeader header, ByteBuffer value);

    /** An entry that is like the last record but for its index, its value and their places. */
    void entry(RecordHeader like, long index, long position, int length);
  }

  /** Reads those of that segment. */
  static SoundRecords of(Segment segment, Window window) throws IOException {
    SoundRecords records = new SoundRecords(segment);
    window.move(segment);
    while (records.readNext(window)) {
      records.count++;
    }
    return records;
  }

  private boolean readNext(Window window) throws IOException {
    int at = Sectors.place(end);
    if (at + RecordHeader.BYTES > segment.size() || runsBytes > RUNS_BYTES_MAX) {
      return false;
    }
    @Nullable RecordHeader header = header(window.header(at), at);
    if (header == null || !isSound(window, at)) {
      return false;
    }
    if (header.position() == Position.of(segment.number(), at)) {
      ByteBuffer value = window.wanted(header);
      runs.add(new Run(header, value, count));
      runsBytes += RUN_BYTES + value.limit();
    }
    add(at);
    return true;
  }

  /** That of the record there, or of the one that it is like; its own is in {@link #next}. */
  private @Nullable RecordHeader header(ByteBuffer in, int at) {
    RecordHeader last = like;
    if (last == null || !last.readNext(in, Position.of(segment.number(), at), next)) {
      last = RecordHeader.decode(in, 0, segment, at);
      like = last;
      if (last != null) {
        next.set(last);
      }
    }
    return last;
  }

  /** What the first one says of those in front of it is for the replay to look at. */
  private boolean isSound(Window window, int at) throws IOException {
    return next.length <= segment.size() - at - RecordHeader.BYTES
        && (count == 0 || next.durable <= Position.of(segment.number(), end))
        && window.crc(at + RecordHeader.BYTES, next.length) == next.valueCrc;
  }

  private void add(int at) {
    if (count == lengths.length) {
      lengths = Arrays.copyOf(lengths, 2 * count);
    }
    lengths[count] = RecordHeader.BYTES + next.length;
    durable = Math.max(durable, next.durable);
    end = Sectors.align(at + lengths[count]);
  }

  /** Hands all over, in their order. */
  void each(Sink sink) {
    for (int i = 0; i < runs.size(); i++) {
      Run run = runs.get(i);
      RecordHeader header = run.header;
      sink.record(header, run.value);
      int behind = i + 1 < runs.size() ? runs.get(i + 1).at : count;
      int at = Position.offset(header.position());
      for (int k = run.at + 1; k < behind; k++) {
        at = Sectors.place(at + lengths[k - 1]);
        long position = Position.of(segment.number(), at);
        sink.entry(header, header.index() + k - run.at, position, lengths[k]);
      }
    }
  }

  /** Where the last one ends. */
  int end() {
    return end;
  }

  /** Whether there are some, and the first one tells of nothing behind that place. */
  boolean followOn(long place) {
    return count > 0 && runs.get(0).header.durable() <= place;
  }

  /** The furthest place of which one of them tells that the log was durable up to it. */
  long durable() {
    return durable;
  }
}

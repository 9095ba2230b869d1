package io.quorate.storage.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Reads a log from its first segment to its end, and tells where that is. */
final class Replay {
  /*
   * A log ends where the next header would stand and there are zero bytes, or at a record that is
   * torn. Anything else that is not what was written is damage, and never taken for the end:
   *
   * 1. A header stands in one sector, so it is whole or zero. Neither: damage. (One set bit among
   *    zeros is a flipped bit in free space.)
   * 2. A value is torn if a sector of it was never written, as the sectors' stamps tell. If they are
   *    all there and its checksum is wrong, it is damaged.
   * 3. Each record tells how far the log was durable when it was written. If a record further on
   *    tells of a place behind what looks like the end, then it is not the end, but damage.
   * 4. A sector there that was written for another place may cover a header: damage, though it holds
   *    zeros. No crash leaves one.
   * 5. A header says where it belongs. If what looks like the end is the place of a header that
   *    stands elsewhere, a disk has put a write to the wrong place: damage, though what it has hit
   *    there may not matter any more.
   *
   * Most records are sound, and what they say does not depend on what stands in front: SoundRecords
   * looks at those of two segments at once, and what comes behind them is looked at here.
   *
   * What was never synced may be found whole all the same; it is kept, and made durable with the
   * rest before anyone hears of it (Recovery).
   */
  private static final int FREE_SECTORS = 128;
  private static final int PROGRESS_BYTES = 1 << 20;

  private final Disk disk;
  private final List<Segment> segments;
  private final Window window;
  private final Window free;
  private final ReplayedGroups groups;
  private final ProgressMeter meter;
  private final Watcher watcher;
  private final List<Zone> dirty = new ArrayList<>();
  private final Map<ReplayedGroups.Instance, Stray> strays = new HashMap<>();
  private long end;
  private long told = Position.START;
  private long done;
  private long toldOf;

  /** A header that belongs to {@code position} and stands at {@code found}. */
  private record Stray(long position, long found) {}

  /** Free space that is not blank. */
  record Zone(Segment segment, int from, int to) {}

  /**
   * A log as it was found.
   *
   * @param end where the last record ends
   * @param told how far the log is known to be durable
   * @param dirty free space to be made blank
   * @param removed replicas that are no longer there
   * @param firstNeeded the first segment that holds what is needed
   * @param replayed all replicas of which there is a record, also where there is damage
   */
  record Found(
      Map<Long, GroupImage> groups,
      long end,
      long told,
      List<Zone> dirty,
      Set<ReplayedGroups.Instance> removed,
      int firstNeeded,
      ReplayedGroups replayed) {}

  /** Hears what a replay meets. */
  interface Watcher {
    /** That of who opens a log for use. */
    Watcher STRICT = new Watcher() {};

    /** There is damage; where this returns, the replay goes on. */
    default void damaged(DamageException damage) {
      throw damage;
    }

    /**
     * At {@code at} there is no intact header, and there should be one.
     *
     * @return that of the record to go on with, in this segment: the one there, if it is known, or
     *     one behind it; null if none is known
     */
    default @Nullable RecordHeader rescue(DamageException damage, Segment segment, int at)
        throws IOException {
      throw damage;
    }

    /** A record was read, which {@code window} shows. */
    default void read(Segment segment, RecordHeader header, Window window, boolean intact)
        throws IOException {}
  }

  private Replay(
      Disk disk, List<Segment> segments, LiveBytes live, ProgressMeter meter, Watcher watcher) {
    this.meter = meter;
    this.watcher = watcher;
    this.disk = disk;
    this.segments = segments;
    this.groups = new ReplayedGroups(disk, live);
    this.end = Position.of(segments.get(0).number(), Segment.FIRST);
    this.window = new Window(segments.get(0));
    this.free = new Window(segments.get(0), FREE_SECTORS);
  }

  /**
   * Reads all segments, changing nothing.
   *
   * @param live takes in what is live in each segment
   * @param helper reads as well, for those who let no damage pass
   * @throws DamageException if a header is damaged, or a record is missing that was durable, and
   *     the watcher throws it
   */
  static Found of(
      Disk disk,
      List<Segment> segments,
      LiveBytes live,
      ProgressMeter meter,
      Watcher watcher,
      Executor helper)
      throws IOException {
    Replay replay = new Replay(disk, segments, live, meter, watcher);
    return replay.run(
        watcher == Watcher.STRICT ? new SoundAhead(segments, replay.window, helper) : null);
  }

  private Found run(@Nullable SoundAhead sound) throws IOException {
    long total = segments.stream().mapToLong(Segment::size).sum();
    meter.begin(ProgressListener.Phase.RECOVERY, total);
    boolean goesOn = true;
    for (int i = 0; i < segments.size() && goesOn; i++) {
      int from = sound == null ? Segment.FIRST : take(segments.get(i), sound.of(i));
      goesOn = scan(i, from);
      done += segments.get(i).size();
    }
    meter.advance(total);
    checkBeginning();
    checkNothingStrayed();
    return new Found(
        groups.images(watcher::damaged),
        end,
        told,
        dirty,
        groups.removed(),
        groups.firstNeeded(),
        groups);
  }

  /** Takes in a segment's sound records; returns where to go on. */
  private int take(Segment segment, SoundRecords sound) {
    if (!sound.followOn(end)) {
      return Segment.FIRST;
    }
    sound.each(
        new SoundRecords.Sink() {
          @Override
          public void record(RecordHeader header, ByteBuffer value) {
            tellProgress(done + Position.offset(header.position()));
            apply(header, value, true);
          }

          @Override
          public void entry(RecordHeader like, long index, long position, int length) {
            tellProgress(done + Position.offset(position));
            groups.entry(like, index, position, length);
          }
        });
    told = Math.max(told, sound.durable());
    end = Position.of(segment.number(), sound.end());
    return sound.end();
  }

  /** Reads one segment from there on; returns whether the log goes on in the next. */
  private boolean scan(int number, int from) throws IOException {
    Segment segment = segments.get(number);
    window.move(segment);
    int offset = from;
    while (Sectors.place(offset) + RecordHeader.BYTES <= segment.size()) {
      tellProgress(done + offset);
      @Nullable RecordHeader header = next(segment, Sectors.place(offset));
      if (header == null) {
        return true;
      }
      told = Math.max(told, header.durable());
      int at = Position.offset(header.position());
      int valueAt = at + RecordHeader.BYTES;
      boolean intact = window.crc(valueAt, header.length()) == header.valueCrc();
      if (!intact
          && !segment.file().isWritten(valueAt, header.length())
          && endsBefore(number, at)) {
        return false;
      }
      if (!intact) {
        lookForStrays(segment, valueAt, window.value(header));
      }
      apply(header, window.wanted(header), intact);
      watcher.read(segment, header, window, intact);
      offset = Sectors.align(valueAt + header.length());
      end = Position.of(segment.number(), offset);
    }
    return true;
  }

  private void tellProgress(long now) {
    if (now - toldOf >= PROGRESS_BYTES) {
      toldOf = now;
      meter.advance(now);
    }
  }

  /** The header at that place; null if the segment's records end there. */
  private @Nullable RecordHeader next(Segment segment, int at) throws IOException {
    ByteBuffer bytes = window.header(at);
    @Nullable RecordHeader header = RecordHeader.decode(bytes, 0, segment, at);
    if (header != null) {
      if (header.durable() > end) {
        watcher.damaged(missing());
      }
      return header;
    }
    if (!RecordHeader.isBlank(bytes, 0)) {
      return rescued(
          DamageException.at(
              disk, segment.number(), at, "the header of a record is not what was written"),
          segment,
          at);
    }
    if (segment.file().isForeign(at)) {
      return rescued(
          DamageException.at(
              disk,
              segment.number(),
              at,
              "the sector where the next record would stand was written for another place"),
          segment,
          at);
    }
    Rest rest = rest(segment, at);
    if (rest.told() > end) {
      return rescued(missing(), segment, at);
    }
    clean(segment, at, rest);
    return null;
  }

  /** What stands behind damage; the damage counts as read. */
  private @Nullable RecordHeader rescued(DamageException damage, Segment segment, int at)
      throws IOException {
    @Nullable RecordHeader next = watcher.rescue(damage, segment, at);
    end = next == null ? Position.of(segment.number(), segment.size()) : next.position();
    return next;
  }

  private void apply(RecordHeader header, ByteBuffer value, boolean intact) {
    try {
      groups.apply(header, value, intact);
    } catch (DamageException damage) {
      watcher.damaged(damage);
    }
  }

  /**
   * Whether the log ends before the record at {@code at}, which lacks a sector: whether no later
   * record tells that it was durable.
   */
  private boolean endsBefore(int number, int at) throws IOException {
    List<Zone> behind = new ArrayList<>(dirty);
    for (int i = number; i < segments.size(); i++) {
      Segment segment = segments.get(i);
      int from = i == number ? at : Segment.FIRST;
      Rest rest = rest(segment, from);
      if (rest.told() > end) {
        return false;
      }
      if (rest.touched() > from) {
        behind.add(new Zone(segment, from, rest.touched()));
      }
    }
    dirty.clear();
    dirty.addAll(behind);
    return true;
  }

  private void clean(Segment segment, int from, Rest rest) {
    if (rest.touched() > from) {
      dirty.add(new Zone(segment, from, rest.touched()));
    }
  }

  private DamageException missing() {
    return DamageException.at(
        disk, Position.segment(end), Position.offset(end), "a record that was durable is missing");
  }

  /** Whatever was in front of the first segment must be known not to be needed. */
  private void checkBeginning() {
    int first = segments.get(0).number();
    if (first > groups.firstNeeded()) {
      watcher.damaged(
          DamageException.at(
              disk, first, 0, Segment.name(first - 1) + " is missing, which comes before it"));
    }
  }

  private void checkNothingStrayed() {
    strays.forEach(
        (instance, stray) -> {
          if (stray.position >= end && groups.knows(instance)) {
            watcher.damaged(
                DamageException.at(
                    disk,
                    Position.segment(end),
                    Position.offset(end),
                    String.format(
                        "a record that was written here stands at offset %d of %s",
                        SectorFile.inFile(Position.offset(stray.found)),
                        Segment.name(Position.segment(stray.found)))));
          }
        });
  }

  private void lookForStrays(Segment segment, int offset, ByteBuffer bytes) {
    for (int at = Sectors.place(offset);
        at + RecordHeader.BYTES <= offset + bytes.limit();
        at = Sectors.place(at + 1)) {
      @Nullable RecordHeader header = RecordHeader.decode(bytes, at - offset);
      if (header != null) {
        note(header, Position.of(segment.number(), at));
      }
    }
  }

  /** Keeps each replica's furthest header that is not where it belongs. */
  private void note(RecordHeader header, long found) {
    if (header.position() != found && header.type() != RecordHeader.Type.DROPPED) {
      strays.merge(
          new ReplayedGroups.Instance(header.group(), header.instance()),
          new Stray(header.position(), found),
          (known, other) -> other.position > known.position ? other : known);
    }
  }

  /**
   * What a segment holds behind the end of its records.
   *
   * @param told the furthest place that a whole header there tells to be durable
   * @param touched the end of the last sector that was written, if it holds a byte that is not zero
   *     or none of the log's records
   */
  private record Rest(long told, int touched) {}

  private Rest rest(Segment segment, int from) throws IOException {
    free.move(segment);
    long furthest = Position.START;
    int touched = from;
    int at = segment.file().nextWritten(from, segment.size());
    while (at < segment.size()) {
      int next = (at / Sectors.BYTES + 1) * Sectors.BYTES;
      ByteBuffer sector = free.at(at, next - at);
      boolean isLogs = at == from && from % Sectors.BYTES > 0;
      if (!isLogs || Sectors.bits(sector, 0, next - at, 0) > 0) {
        touched = next;
      }
      for (int i = 0; i < sector.limit(); i += Long.BYTES) {
        if (sector.getLong(i) != 0) {
          furthest = Math.max(furthest, told(segment, at, sector, i));
        }
      }
      at = segment.file().nextWritten(next, segment.size());
    }
    return new Rest(furthest, touched);
  }

  private long told(Segment segment, int sectorAt, ByteBuffer sector, int at) {
    if (at + RecordHeader.BYTES > sector.limit()) {
      return Position.START;
    }
    @Nullable RecordHeader header = RecordHeader.decode(sector, at);
    if (header == null) {
      return Position.START;
    }
    long place = Position.of(segment.number(), sectorAt + at);
    note(header, place);
    return header.position() == place ? header.durable() : Position.START;
  }
}

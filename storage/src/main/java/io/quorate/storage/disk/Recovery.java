package io.quorate.storage.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;

/** Opens the files of a log and makes it fit to be written on. */
final class Recovery {
  /*
   * What the replay has read need not be on disk: the process may have died between write and force,
   * or a force may have failed, after which the system shows bytes that it will never write. So
   * everything behind the last place that is known to be durable is written once more, the same
   * bytes in the same places, and forced. It is what one drain had written, seldom more.
   *
   * Free space is then made blank again, so that nothing of a torn tail can ever be read as a record.
   *
   * A crash in the midst of a deletion may leave any of the files that were to be deleted. Those with
   * a gap behind them are not read; the others do no harm: all that was live in them stands once more
   * behind them.
   */
  private static final Pattern SEGMENT_NAME = Pattern.compile("[0-9]{16}\\.log");
  private static final Pattern UNFINISHED_NAME =
      Pattern.compile("([0-9]{16}|reserve)\\.new|[0-9]{16}\\.old");
  private static final int COPY_BYTES = 128 * Sectors.BYTES;

  private final Disk disk;
  private final ProgressMeter meter;
  private final Replay.Watcher watcher;
  private final List<Segment> segments = new ArrayList<>();
  private final List<Integer> leftovers = new ArrayList<>();

  private Recovery(Disk disk, ProgressMeter meter, Replay.Watcher watcher) {
    this.disk = disk;
    this.meter = meter;
    this.watcher = watcher;
  }

  /** What a store starts with. */
  record Ready(
      Map<Long, GroupImage> groups,
      Set<ReplayedGroups.Instance> removed,
      Preparer preparer,
      LogWriter writer,
      LiveBytes live) {}

  /** Opens the log; creates it where there is none. */
  static Ready open(Disk disk, int segmentBytes, Executor helper, ProgressMeter meter)
      throws IOException {
    return open(disk, segmentBytes, helper, meter, Replay.Watcher.STRICT);
  }

  /**
   * The same.
   *
   * @param watcher where it lets damage pass, the replica that it is of is not among those found
   */
  static Ready open(
      Disk disk, int segmentBytes, Executor helper, ProgressMeter meter, Replay.Watcher watcher)
      throws IOException {
    Recovery recovery = new Recovery(disk, meter, watcher);
    try {
      return recovery.run(segmentBytes, helper);
    } catch (IOException | RuntimeException | Error e) {
      for (Segment segment : recovery.segments) {
        segment.file().close();
      }
      throw e;
    }
  }

  private Ready run(int segmentBytes, Executor helper) throws IOException {
    openSegments();
    if (segments.isEmpty()) {
      segments.add(new Preparer(disk, segmentBytes, helper, List.of(), 1).take(0));
    }
    LiveBytes live = new LiveBytes(first());
    Replay.Found found = Replay.of(disk, segments, live, meter, watcher, helper);
    int end = Position.offset(found.end());
    rewrite(segment(Position.segment(found.end())), found);
    for (Replay.Zone zone : found.dirty()) {
      zone.segment().file().preallocate(zone.from(), zone.to());
      zone.segment().file().force(false);
    }
    deleteWhatIsNotNeeded(found, live);
    int used = Position.segment(found.end()) - first() + 1;
    List<Segment> free = segments.subList(used, segments.size());
    Preparer preparer = new Preparer(disk, segmentBytes, helper, free, first() + segments.size());
    LogWriter writer = new LogWriter(disk, preparer, segments.subList(0, used), end, segmentBytes);
    return new Ready(found.groups(), found.removed(), preparer, writer, live);
  }

  private int first() {
    return segments.get(0).number();
  }

  private Segment segment(int number) {
    return segments.get(number - first());
  }

  /** Opens the last run of segments without a gap. */
  private void openSegments() throws IOException {
    for (int number : run(disk.list(), leftovers)) {
      segments.add(Segment.open(disk, number));
    }
  }

  /**
   * The last run of segments without a gap.
   *
   * @param leftovers takes in those in front of it
   */
  static List<Integer> run(List<String> files, List<Integer> leftovers) {
    List<Integer> run = new ArrayList<>();
    for (String name : files) {
      int number = isSegment(name) ? Segment.number(name) : 0;
      if (number > 0) {
        if (!run.isEmpty() && number != run.get(run.size() - 1) + 1) {
          leftovers.addAll(run);
          run.clear();
        }
        run.add(number);
      }
    }
    return run;
  }

  /** Whether that is the name of a segment. */
  static boolean isSegment(String name) {
    return SEGMENT_NAME.matcher(name).matches() && Segment.number(name) > 0;
  }

  /** Whether that is the name of a file that was not finished, or given up. */
  static boolean isUnfinished(String name) {
    return UNFINISHED_NAME.matcher(name).matches();
  }

  /** What a deletion has left, now that the record that allowed it is durable for certain. */
  private void deleteWhatIsNotNeeded(Replay.Found found, LiveBytes live) throws IOException {
    while (first() < found.firstNeeded() && live.of(first()) == 0) {
      Segment segment = segments.remove(0);
      leftovers.add(segment.number());
      segment.file().close();
    }
    live.dropBefore(first());
    for (int number : leftovers) {
      disk.delete(Segment.name(number));
    }
    for (String name : disk.list()) {
      if (isUnfinished(name)) {
        disk.delete(name);
      }
    }
    disk.syncDirectory();
  }

  private void rewrite(Segment segment, Replay.Found found) throws IOException {
    int end = Position.offset(found.end());
    int from =
        Position.segment(found.told()) == segment.number()
            ? Position.offset(found.told())
            : Segment.FIRST;
    ByteBuffer copy = ByteBuffer.allocate(Math.min(COPY_BYTES, Math.max(0, end - from)));
    for (int at = from; at < end; at += copy.limit()) {
      int toBorder =
          COPY_BYTES - at % Sectors.BYTES; // What is behind a write in its sector is lost.
      copy.clear().limit(Math.min(copy.capacity(), Math.min(toBorder, end - at)));
      segment.file().read(copy, at);
      segment.file().write(copy.flip(), at);
    }
    segment.file().force(true);
  }
}

package io.quorate.storage.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
   */
  private static final Pattern SEGMENT_NAME = Pattern.compile("[0-9]{16}\\.log");
  private static final Pattern UNFINISHED_NAME = Pattern.compile("([0-9]{16}|reserve)\\.new");
  private static final int COPY_BYTES = 64 << 10;

  private final Disk disk;
  private final List<Segment> segments = new ArrayList<>();

  private Recovery(Disk disk) {
    this.disk = disk;
  }

  /** What a store starts with. */
  record Ready(Map<Long, GroupImage> groups, Preparer preparer, LogWriter writer) {}

  /** Opens the log; creates it where there is none. */
  static Ready open(Disk disk, int segmentBytes, Executor helper) throws IOException {
    Recovery recovery = new Recovery(disk);
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
    Replay.Found found = Replay.of(disk, segments);
    int used = Position.segment(found.end());
    rewrite(segments.get(used - 1), found);
    for (Replay.Zone zone : found.dirty()) {
      zone.segment().file().preallocate(zone.from(), zone.to());
      zone.segment().file().force(false);
    }
    segments.get(used - 1).file().blank(Position.offset(found.end()));
    for (Segment free : segments.subList(used, segments.size())) {
      free.file().blank(Segment.FIRST);
    }
    for (String name : disk.list()) {
      if (UNFINISHED_NAME.matcher(name).matches()) {
        disk.delete(name);
      }
    }
    disk.syncDirectory();
    Preparer preparer =
        new Preparer(disk, segmentBytes, helper, segments.subList(used, segments.size()), next());
    LogWriter writer =
        new LogWriter(
            disk, preparer, segments.subList(0, used), Position.offset(found.end()), segmentBytes);
    return new Ready(found.groups(), preparer, writer);
  }

  private int next() {
    return segments.size() + 1;
  }

  private void openSegments() throws IOException {
    for (String name : disk.list()) {
      if (SEGMENT_NAME.matcher(name).matches()) {
        if (!name.equals(Segment.name(next()))) {
          throw new DamageException(
              String.format(
                  "%s is missing, but %s is there. Nothing was changed. Put it back; without it"
                      + " this log lacks what its member has acknowledged",
                  disk.where(Segment.name(next())), name));
        }
        segments.add(Segment.open(disk, next()));
      }
    }
  }

  private void rewrite(Segment segment, Replay.Found found) throws IOException {
    int end = Position.offset(found.end());
    int from =
        Position.segment(found.told()) == segment.number()
            ? Position.offset(found.told())
            : Segment.FIRST;
    ByteBuffer copy = ByteBuffer.allocate(Math.min(COPY_BYTES, Math.max(0, end - from)));
    for (int at = from; at < end; at += copy.limit()) {
      copy.clear().limit(Math.min(copy.capacity(), end - at));
      segment.file().read(copy, at);
      segment.file().write(copy.flip(), at);
    }
    segment.file().force(true);
  }
}

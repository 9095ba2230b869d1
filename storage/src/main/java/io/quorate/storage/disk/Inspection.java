package io.quorate.storage.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What there is to say of the files of a log that nobody uses. Nothing is changed. */
public final class Inspection {
  /*
   * The log is read by the same replay that opens it, with a watcher that goes on behind damage.
   *
   * Opening passes over flipped bits in stamps, and where no record stands. They do no harm, but
   * tell of a disk that does: here they are damage.
   */
  private final Disk disk;
  private final Findings findings;
  private final LenientWatcher watcher;
  private final InspectionProgress progress;
  private final List<GroupFigures> groups = new ArrayList<>();
  private final List<FileFigures> files = new ArrayList<>();
  private final List<Segment> segments = new ArrayList<>();
  private Replay.@Nullable Found found;
  private LiveBytes live = new LiveBytes(1);

  /** Takes in each record, in the order of the log. */
  interface RecordVisitor {
    void record(RecordHeader header, ByteBuffer value, boolean intact) throws IOException;
  }

  private static final RecordVisitor NO_VISITOR = (header, value, intact) -> {};

  /**
   * What is held of one replica.
   *
   * @param savedBytes of the engine's record; -1 if there is none
   */
  public record GroupFigures(
      long group,
      long instance,
      int member,
      long epoch,
      long first,
      long last,
      long entries,
      long faulty,
      long liveBytes,
      int savedBytes,
      int snapshots,
      long snapshotBytes) {}

  /**
   * One file.
   *
   * @param usedBytes up to where its records end; all of a file that is no segment
   * @param liveBytes of records that nothing has superseded; all of a snapshot
   */
  public record FileFigures(String file, long bytes, long usedBytes, long liveBytes) {}

  private Inspection(Disk disk, RecordVisitor visitor, ProgressMeter meter) {
    this.disk = disk;
    progress = new InspectionProgress(meter);
    findings = new Findings(disk);
    watcher = new LenientWatcher(findings, visitor);
  }

  /** Of a directory; who wants to write there is kept out meanwhile. */
  public static Inspection of(Path directory, ProgressListener listener) {
    return of(directory, NO_VISITOR, new ProgressMeter(listener, System::nanoTime));
  }

  static Inspection of(Path directory, RecordVisitor visitor) {
    return of(directory, visitor, ProgressMeter.silent());
  }

  private static Inspection of(Path directory, RecordVisitor visitor, ProgressMeter meter) {
    ReadOnlyDisk disk = new ReadOnlyDisk(directory, List.of());
    Inspection inspection = new Inspection(disk, visitor, meter);
    inspection.runUnderLock(directory);
    return inspection;
  }

  /** Of a disk that nobody else has. */
  public static Inspection of(Disk disk) {
    return of(disk, ProgressMeter.silent());
  }

  static Inspection of(Disk disk, ProgressMeter meter) {
    Inspection inspection = new Inspection(disk, NO_VISITOR, meter);
    inspection.run();
    return inspection;
  }

  /** Of a directory that could not be taken. */
  static Inspection refused(Disk disk, String why) {
    Inspection inspection = new Inspection(disk, NO_VISITOR, ProgressMeter.silent());
    inspection.findings.unreadable.add(why);
    return inspection;
  }

  @SuppressWarnings("try")
  private void runUnderLock(Path directory) {
    if (!Files.isDirectory(directory)) {
      findings.unreadable.add(directory + " is no directory: name the one that the log is in");
      return;
    }
    try (Closeable held = disk.lock()) {
      run();
    } catch (Disk.LockedException e) {
      findings.unreadable.add(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      findings.failed("", e);
    }
  }

  // What was found

  /** All damage, by file and offset. */
  public List<Damage> damages() {
    return findings.damages();
  }

  /** What is not as a clean end leaves it, and is no damage. */
  public List<String> notes() {
    return findings.notes;
  }

  /** What could not be looked at, and why. */
  public List<String> unreadable() {
    return findings.unreadable;
  }

  /** What is held of each replica. */
  public List<GroupFigures> groups() {
    return groups;
  }

  /** All files of the directory. */
  public List<FileFigures> files() {
    return files;
  }

  /** How many records were read. */
  public long records() {
    return watcher.records();
  }

  Findings findings() {
    return findings;
  }

  /** What is left of a torn tail. */
  List<Replay.Zone> torn() {
    return found == null ? List.of() : found.dirty();
  }

  /** The replicas of a group of which there is a record. */
  List<ReplayedGroups.Instance> replicas(long group) {
    @Nullable Set<ReplayedGroups.Instance> all = known();
    return all == null
        ? List.of()
        : all.stream().filter(instance -> instance.group() == group).toList();
  }

  /** How large new segments are to be: as the last one. */
  int segmentBytes() {
    int bytes = fileBytes(segments.get(segments.size() - 1));
    return Math.max(
        FileLogStore.SEGMENT_BYTES_MIN, Math.min(bytes, FileLogStore.SEGMENT_BYTES_MAX));
  }

  private static int fileBytes(Segment segment) {
    return segment.size() / SectorFile.DATA * SectorFile.SECTOR;
  }

  // Looking

  private void run() {
    try {
      List<String> names = disk.list();
      progress.begin(disk, names);
      List<Integer> inFront = new ArrayList<>();
      List<Integer> run = Recovery.run(names, inFront);
      for (int number : inFront) {
        findings.leave(Segment.name(number), "it stands in front of a gap");
      }
      for (String name : names) {
        if (Recovery.isUnfinished(name)) {
          findings.leave(name, "it was not finished, or is given up");
        }
      }
      if (run.isEmpty()) {
        findings.unreadable.add(disk.where("") + " holds no log: name the directory of one");
      } else {
        readLog(run);
      }
      new SnapshotCheck(disk, findings, known(), removed(), progress::looked).run(names);
      progress.end();
      measure(names);
    } catch (IOException e) {
      findings.failed("", e);
    }
  }

  private @Nullable Set<ReplayedGroups.Instance> known() {
    return found == null ? null : found.replayed().all().keySet();
  }

  private Set<ReplayedGroups.Instance> removed() {
    return found == null ? Set.of() : found.removed();
  }

  private void readLog(List<Integer> run) throws IOException {
    try {
      for (int number : run) {
        segments.add(opened(number));
      }
      live = new LiveBytes(run.get(0));
      Replay.Found all =
          Replay.of(disk, segments, live, progress.ofReplay(), watcher, Runnable::run);
      progress.replayed(segments.stream().mapToLong(Inspection::fileBytes).sum());
      found = all;
      watcher.unsound().forEach(header -> judge(header, all.replayed().isLive(header)));
      for (Segment segment : segments) {
        watcher.lookBehind(segment);
        StampCheck.run(disk, segment, findings, progress::looked);
      }
      noteTail(all);
    } catch (DamageException e) { // A later version wrote it: no guesses.
      findings.unreadable.add(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      findings.failed("", e);
    } finally {
      if (found == null) {
        watcher.unsound().forEach(header -> judge(header, true));
      }
      for (Segment segment : segments) {
        segment.file().close();
      }
    }
  }

  private Segment opened(int number) throws IOException {
    try {
      return Segment.open(disk, number);
    } catch (DamageException e) {
      @Nullable Damage damage = e.damage();
      if (damage == null) {
        throw e;
      }
      findings.refusals.add(e);
      Segment segment = Segment.openDamaged(disk, number);
      ByteBuffer header = ByteBuffer.allocate(Segment.HEADER_BYTES);
      segment.file().read(header, 0);
      int bit = Flip.between(header.clear(), Segment.header(number));
      if (bit >= 0) {
        findings.addFlip(damage, bit);
      } else {
        findings.add(damage);
      }
      return segment;
    }
  }

  private void judge(RecordHeader header, boolean isLive) {
    String what =
        switch (header.type()) {
          case ENTRY -> "the value of an entry is not what was written";
          case LOST -> "an entry was found damaged when its record was copied";
          case SAVED -> "the engine's saved record is not what was written";
          case CREATED -> "the record of a replica's creation is not what was written";
          case SEAL -> "the seal of an epoch is not what was written";
          default -> "the value of a record is not what was written";
        };
    boolean isEntry = header.type().isEntry();
    if (isLive || header.type() != RecordHeader.Type.LOST) {
      Damage.Remedy remedy = isEntry ? Damage.Remedy.REFILL : Damage.Remedy.REPLACE;
      findings.add(Damage.of(header, what, isLive ? remedy : Damage.Remedy.NONE));
    }
  }

  private void noteTail(Replay.Found all) {
    for (Replay.Zone zone : all.dirty()) {
      findings.notes.add(
          String.format(
              "%s: from offset %d to %d stands what is left of records that were never"
                  + " acknowledged; opening the log clears it",
              zone.segment().name(),
              SectorFile.inFile(zone.from()),
              SectorFile.inFile(zone.to() - 1) + 1));
    }
    for (Segment segment : segments) {
      if (segment.number() >= all.firstNeeded() || live.of(segment.number()) > 0) {
        break;
      }
      findings.leave(segment.name(), "nothing in it is needed");
    }
  }

  // Figures

  private void measure(List<String> names) throws IOException {
    for (String name : names) {
      if (isOurs(name)) {
        try (Disk.File file = disk.open(name)) {
          files.add(figures(name, file.size()));
        } catch (IOException e) {
          findings.failed(name, e);
        }
      } else {
        findings.notes.add(name + ": it is none of the log's files");
      }
    }
    if (found != null) {
      found.replayed().all().forEach((instance, image) -> groups.add(figures(instance, image)));
      groups.sort((one, other) -> Long.compareUnsigned(one.group, other.group));
    }
  }

  private static boolean isOurs(String name) {
    return RealDisk.isLock(name)
        || Reserve.isName(name)
        || Recovery.isSegment(name)
        || Recovery.isUnfinished(name)
        || SnapshotName.ofFinished(name) != null
        || SnapshotName.ofPart(name) != null;
  }

  private FileFigures figures(String name, long bytes) {
    for (Segment segment : segments) {
      if (segment.name().equals(name)) {
        return new FileFigures(name, bytes, watcher.usedBytes(segment), live.of(segment.number()));
      }
    }
    return new FileFigures(name, bytes, bytes, SnapshotName.ofFinished(name) == null ? 0 : bytes);
  }

  private long faulty(ReplayedGroups.Instance instance) {
    return findings.damages().stream()
        .filter(damage -> damage.remedy() == Damage.Remedy.REFILL)
        .filter(damage -> damage.group() == instance.group())
        .filter(damage -> damage.instance() == instance.incarnation())
        .count();
  }

  private GroupFigures figures(ReplayedGroups.Instance instance, GroupImage image) {
    int snapshots = 0;
    long snapshotBytes = 0;
    for (FileFigures file : files) {
      @Nullable SnapshotName name = SnapshotName.ofFinished(file.file);
      if (name != null && name.isOf(instance.group(), instance.incarnation())) {
        snapshots++;
        snapshotBytes += file.bytes;
      }
    }
    GroupImage.Summary summary = image.summary();
    return new GroupFigures(
        instance.group(),
        instance.incarnation(),
        summary.member(),
        summary.epoch(),
        summary.first(),
        summary.last(),
        summary.entries(),
        faulty(instance),
        summary.liveBytes(),
        summary.savedBytes(),
        snapshots,
        snapshotBytes);
  }
}

package io.quorate.storage;

import io.quorate.storage.disk.Damage;
import io.quorate.storage.disk.Inspection;
import io.quorate.storage.disk.LogDump;
import io.quorate.storage.disk.ProgressListener;
import io.quorate.storage.disk.Repairs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Looks at the files of a {@link FileLog} that nobody uses, and mends them.
 *
 * <p>All but {@link #repair} without a dry run only read: they work on a read-only file system, and
 * leave every byte and every name as it is. While they run nobody can open the log, and they do not
 * run while somebody has it open: that is said, and counts as unreadable. The whole log is read,
 * once or twice.
 *
 * <p><b>Threads.</b> Any, one at a time for a directory; all methods block the caller.
 *
 * <p><b>Errors.</b> No damage is thrown: it is in the result.
 *
 * <pre>{@code
 * LogFiles.Report report = LogFiles.at(Path.of("data", "1")).verify();
 * System.out.print(report.text());
 * System.exit(report.exitCode());
 * }</pre>
 */
public final class LogFiles {
  private final Path directory;
  private final ProgressListener listener;

  private LogFiles(Path directory, ProgressListener listener) {
    this.directory = directory;
    this.listener = listener;
  }

  /** The log in {@code directory}. Nothing is touched before something is asked. */
  public static LogFiles at(Path directory) {
    return new LogFiles(directory, ProgressListener.NONE);
  }

  /**
   * The same log, of which {@link #verify} and {@link #stats} tell how far they are, on the calling
   * thread, a few times per second at most. The listener should return soon.
   */
  public LogFiles progress(Consumer<Progress> listener) {
    return new LogFiles(directory, Progress.telling(listener));
  }

  /**
   * Something that is not as it was written.
   *
   * @param file its name, without the directory
   * @param offset where in the file, all of its bytes counted: of the record, or of the header,
   *     block or end of a snapshot, or of the stamp or byte if no record stands there
   * @param group whose it is; 0 if that is not known, or it is nobody's
   * @param incarnation of this host's replica in that group, or 0
   * @param epoch of the entry or snapshot, else 0
   * @param index likewise
   * @param remedy what to do
   */
  public record Finding(
      String file,
      long offset,
      long group,
      long incarnation,
      long epoch,
      long index,
      String what,
      String remedy) {
    /** Two lines for people. */
    public String text() {
      String owner = group == 0 ? "" : ", group " + group;
      String place = epoch == 0 ? "" : ", epoch " + epoch + ", index " + index;
      return file + ", offset " + offset + owner + place + ": " + what + "\n  " + remedy + "\n";
    }
  }

  /**
   * What there is to say of a log.
   *
   * @param findings the damage that was found, by file and offset; of a file 1,000 at most, and a
   *     note says that there are more
   * @param notes what is not as a clean end leaves it, and is no damage: a torn tail, leftovers
   * @param unreadable what could not be looked at, and why: there may be more damage
   * @param records how many records were read
   */
  public record Report(
      List<Finding> findings, List<String> notes, List<String> unreadable, long records) {
    /** 0 if all is sound, 1 if there is damage, 2 if something could not be looked at. */
    public int exitCode() {
      if (!unreadable.isEmpty()) {
        return 2;
      }
      return findings.isEmpty() ? 0 : 1;
    }

    /** All of it in lines for people, the outcome last. */
    public String text() {
      StringBuilder text = new StringBuilder();
      findings.forEach(finding -> text.append(finding.text()));
      notes.forEach(note -> text.append("note: ").append(note).append('\n'));
      unreadable.forEach(line -> text.append("unreadable: ").append(line).append('\n'));
      String outcome = List.of("sound", "corrupt", "unreadable").get(exitCode());
      return text.append(outcome)
          .append(": ")
          .append(findings.size())
          .append(" findings, ")
          .append(records)
          .append(" records read\n")
          .toString();
    }
  }

  /**
   * What a log holds of one replica.
   *
   * @param epoch the newest that has entries
   * @param first the lowest index held in that epoch; {@code last + 1} if there is none
   * @param last the highest one
   * @param entries how many are held, of all epochs
   * @param faulty how many of them cannot be read
   * @param liveBytes of records that nothing has superseded
   * @param savedBytes of the engine's record; -1 if there is none
   */
  public record GroupStats(
      long group,
      long incarnation,
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
   * @param bytes its size
   * @param usedBytes of a segment, up to where its records end
   * @param liveBytes of records that nothing has superseded; of a snapshot all, of others 0
   */
  public record FileStats(String file, long bytes, long usedBytes, long liveBytes) {}

  /** Figures, and what {@link #verify} says. */
  public record Stats(List<GroupStats> groups, List<FileStats> files, Report report) {
    /** Of all files. */
    public long totalBytes() {
      return files.stream().mapToLong(FileStats::bytes).sum();
    }

    /** A line for each group and each file, and one for the whole. */
    public String text() {
      StringBuilder text = new StringBuilder();
      for (GroupStats each : groups) {
        text.append(
            String.format(
                "group %d (member %d, incarnation %016x): %d entries, epoch %d from %d to %d, %d"
                    + " faulty; %d bytes live, %s saved, %d snapshots of %d bytes%n",
                each.group,
                each.member,
                each.incarnation,
                each.entries,
                each.epoch,
                each.first,
                each.last,
                each.faulty,
                each.liveBytes,
                each.savedBytes < 0 ? "nothing" : each.savedBytes + " bytes",
                each.snapshots,
                each.snapshotBytes));
      }
      for (FileStats each : files) {
        text.append(
            String.format(
                "%s: %d bytes, %d used, %d live%n",
                each.file, each.bytes, each.usedBytes, each.liveBytes));
      }
      int damaged = report.findings().size();
      return text.append(String.format("total: %d bytes, %d damaged%n", totalBytes(), damaged))
          .toString();
    }
  }

  /** Makes text of a command, as the state machine is given it. */
  @FunctionalInterface
  public interface Decoder {
    /** The text; what is thrown is noted in the line of that batch. */
    String decode(byte[] command);
  }

  /**
   * A repair that is done only if it is asked for by name. There are two, because no other can be
   * done without a guess, or has to be:
   *
   * <ul>
   *   <li>A damaged value of an entry needs none. Opening the log reports that entry as faulty, and
   *       the engine gets it back.
   *   <li>Of a damaged header nobody knows what it was, if it was more than a bit; what else was
   *       lost with it, of any group, cannot be told. Such a directory is given up as a whole.
   * </ul>
   */
  public sealed interface Repair {
    /**
     * Puts a flipped bit right: one that a finding tells, and of which a checksum, or the format,
     * says what it was.
     *
     * @param file as the finding has it
     * @param offset likewise
     */
    record UndoFlip(String file, long offset) implements Repair {}

    /**
     * Removes this host's replica of a group with its entries, its record and its snapshots, so
     * that the host can start. What it has acknowledged counts no more: it must join again, as
     * another incarnation.
     */
    record RemoveReplica(long group) implements Repair {}
  }

  /**
   * What a repair has done.
   *
   * @param actions what was changed, or would be
   * @param refusals what was asked for and not done, or why nothing more was done
   * @param report what {@link #verify} says now
   */
  public record Repaired(
      boolean dryRun, List<String> actions, List<String> refusals, Report report) {
    /** All of it in lines for people. */
    public String text() {
      String did = dryRun ? "would do: " : "done: ";
      return actions.stream().map(action -> did + action + "\n").collect(Collectors.joining())
          + refusals.stream().map(no -> "not done: " + no + "\n").collect(Collectors.joining())
          + report.text();
    }
  }

  /**
   * Reads the log and all snapshots, and compares each byte that counts with its checksum. Any one
   * flipped bit of a record, a stamp or a snapshot is a finding, also where opening the log would
   * pass over it.
   *
   * <p>It goes on behind damage: at the same header, if one flipped bit explains it, or at the next
   * intact one of the file; what it could not look at is in the finding.
   */
  public Report verify() {
    return report(Inspection.of(directory, listener));
  }

  /**
   * Writes each record that can be read, in the order of the log, as an object of JSON in a line of
   * its own (docs/log-tools.md).
   *
   * @throws IOException if {@code out} throws it
   */
  public Report dump(Appendable out) throws IOException {
    return report(LogDump.run(directory, out, null));
  }

  /** As {@link #dump(Appendable)}, with the commands of each batch as the decoder tells them. */
  public Report dump(Appendable out, Decoder decoder) throws IOException {
    return report(LogDump.run(directory, out, decoder::decode));
  }

  /** Counts. */
  public Stats stats() {
    Inspection inspection = Inspection.of(directory, listener);
    List<GroupStats> groups = new ArrayList<>();
    for (Inspection.GroupFigures each : inspection.groups()) {
      groups.add(
          new GroupStats(
              each.group(),
              each.instance(),
              each.member(),
              each.epoch(),
              each.first(),
              each.last(),
              each.entries(),
              each.faulty(),
              each.liveBytes(),
              each.savedBytes(),
              each.snapshots(),
              each.snapshotBytes()));
    }
    List<FileStats> files =
        inspection.files().stream()
            .map(
                each ->
                    new FileStats(each.file(), each.bytes(), each.usedBytes(), each.liveBytes()))
            .toList();
    return new Stats(List.copyOf(groups), files, report(inspection));
  }

  /**
   * Does what opening the log would do - it clears what is left of a torn tail and deletes
   * leftovers, neither of which was ever acknowledged - and what is asked for by name, and nothing
   * else. If the log cannot be opened even so, only the bits are put right that were asked for.
   *
   * @param dryRun whether only to say what would be done; no byte is changed
   */
  public Repaired repair(boolean dryRun, Repair... named) {
    List<Repairs.FlipAt> flips = new ArrayList<>();
    Set<Long> groups = new HashSet<>();
    for (Repair each : Arrays.asList(named)) {
      if (each instanceof Repair.UndoFlip flip) {
        flips.add(new Repairs.FlipAt(flip.file(), flip.offset()));
      } else if (each instanceof Repair.RemoveReplica replica) {
        groups.add(replica.group());
      }
    }
    Repairs.Outcome outcome = Repairs.run(directory, dryRun, flips, groups);
    return new Repaired(dryRun, outcome.actions(), outcome.refusals(), report(outcome.after()));
  }

  private static Report report(Inspection inspection) {
    List<Finding> findings = inspection.damages().stream().map(LogFiles::finding).toList();
    return new Report(
        findings,
        List.copyOf(inspection.notes()),
        List.copyOf(inspection.unreadable()),
        inspection.records());
  }

  private static Finding finding(Damage damage) {
    return new Finding(
        damage.file(),
        damage.offset(),
        damage.group(),
        damage.instance(),
        damage.epoch(),
        damage.index(),
        damage.what(),
        damage.remedy().sentence());
  }
}

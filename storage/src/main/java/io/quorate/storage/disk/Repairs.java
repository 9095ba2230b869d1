package io.quorate.storage.disk;

import io.quorate.spi.StorageException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Mends a log: what opening it would do, and what is asked for by name. */
public final class Repairs {
  /*
   * Bits are put right first. What is found then, in the files as they would be without those bits,
   * says whether the log can be opened: if it cannot, but for the replicas that are to go, nothing
   * else is done. A dry run is the same up to there, so it says what a run would do.
   */
  private final Path directory;
  private final Set<Long> groups;
  private final List<String> actions = new ArrayList<>();
  private final List<String> refusals = new ArrayList<>();

  private Repairs(Path directory, Set<Long> groups) {
    this.directory = directory;
    this.groups = groups;
  }

  /** A place where one bit is to be put right. */
  public record FlipAt(String file, long offset) {}

  /**
   * What came of it.
   *
   * @param actions what was done, or what would be
   * @param refusals what was asked for, or is needed, and was not done
   * @param after what there is to say of the log now
   */
  public record Outcome(List<String> actions, List<String> refusals, Inspection after) {}

  /**
   * Repairs the log in a directory, which nobody else may use.
   *
   * @param dryRun whether to change nothing, and only say what would be done
   * @param flips places where one bit is known to be flipped
   * @param groups whose replicas are to be removed
   */
  @SuppressWarnings("try")
  public static Outcome run(Path directory, boolean dryRun, List<FlipAt> flips, Set<Long> groups) {
    Repairs repairs = new Repairs(directory, new TreeSet<>(groups));
    Disk disk = dryRun ? new ReadOnlyDisk(directory, List.of()) : new RealDisk(directory);
    if (!Files.isDirectory(directory)) {
      return repairs.outcome(Inspection.of(directory, ProgressListener.NONE));
    }
    try (Closeable held = disk.lock()) {
      repairs.run(disk, dryRun, flips);
      return repairs.outcome(repairs.look(List.of()));
    } catch (Disk.LockedException e) {
      return repairs.outcome(Inspection.refused(disk, String.valueOf(e.getMessage())));
    } catch (IOException | StorageException e) {
      repairs.refusals.add("the repair ended before it was done: " + e.getMessage());
      return repairs.outcome(repairs.look(List.of()));
    }
  }

  private Outcome outcome(Inspection after) {
    return new Outcome(actions, refusals, after);
  }

  private Inspection look(List<Flip> undone) {
    return Inspection.of(new ReadOnlyDisk(directory, undone));
  }

  private void run(Disk disk, boolean dryRun, List<FlipAt> asked) throws IOException {
    List<Flip> flips = known(look(List.of()), asked);
    for (Flip flip : flips) {
      actions.add(String.format("%s, byte %d: put a flipped bit right", flip.file(), flip.at()));
      if (!dryRun) {
        undo(flip);
      }
    }
    Inspection between = look(dryRun ? flips : List.of());
    List<ReplayedGroups.Instance> gone = toRemove(between);
    Forgiving watcher = new Forgiving(gone);
    if (!between.unreadable().isEmpty()) {
      refusals.add("nothing else is done, because the log cannot be read");
      return;
    }
    for (DamageException refusal : between.findings().refusals) {
      if (!watcher.forgives(refusal)) {
        refusals.add("nothing else is done, because the log cannot be opened");
        return;
      }
    }
    plan(between, gone);
    if (!dryRun) {
      open(disk, between, gone, watcher);
    }
  }

  /** The flipped bits at those places. */
  private List<Flip> known(Inspection before, List<FlipAt> asked) {
    List<Flip> flips = new ArrayList<>();
    for (FlipAt place : new LinkedHashSet<>(asked)) {
      int count = flips.size();
      for (Flip flip : before.findings().flips) {
        if (flip.file().equals(place.file) && flip.toldAt() == place.offset) {
          flips.add(flip);
        }
      }
      if (flips.size() == count) {
        refusals.add(
            String.format(
                "%s, offset %d: no flipped bit is known there; name a place as a finding has it"
                    + " which says that one bit is flipped",
                place.file, place.offset));
      }
    }
    return flips;
  }

  private void undo(Flip flip) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            directory.resolve(flip.file()), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      RealDisk.readFully(channel, one, flip.at());
      flip.undo(one.flip(), flip.at());
      channel.write(one, flip.at());
      channel.force(true);
    }
  }

  private List<ReplayedGroups.Instance> toRemove(Inspection between) {
    List<ReplayedGroups.Instance> gone = new ArrayList<>();
    for (long group : groups) {
      List<ReplayedGroups.Instance> replicas = between.replicas(group);
      if (replicas.isEmpty()) {
        refusals.add("group " + group + ": this log has no replica of it");
      }
      gone.addAll(replicas);
    }
    return gone;
  }

  /** Passes over damage of replicas that are to go. */
  private record Forgiving(List<ReplayedGroups.Instance> gone) implements Replay.Watcher {
    boolean forgives(DamageException refusal) {
      @Nullable Damage damage = refusal.damage();
      return damage != null
          && gone.contains(new ReplayedGroups.Instance(damage.group(), damage.instance()))
          && damage.remedy() == Damage.Remedy.REPLACE;
    }

    @Override
    public void damaged(DamageException damage) {
      if (!forgives(damage)) {
        throw damage;
      }
    }
  }

  private void plan(Inspection between, List<ReplayedGroups.Instance> gone) {
    for (ReplayedGroups.Instance replica : gone) {
      actions.add(
          String.format(
              "group %d: remove the replica of incarnation %016x with all its snapshots",
              replica.group(), replica.incarnation()));
    }
    for (Replay.Zone zone : between.torn()) {
      actions.add(
          String.format(
              "%s: clear offsets %d to %d, which hold nothing that was acknowledged",
              zone.segment().name(),
              SectorFile.inFile(zone.from()),
              SectorFile.inFile(zone.to() - 1) + 1));
    }
    for (Findings.Leftover leftover : between.findings().leftovers) {
      actions.add(leftover.file() + ": delete it, because " + leftover.why());
    }
  }

  /** Opening clears and deletes; then the replicas go. */
  @SuppressWarnings("try")
  private void open(
      Disk disk, Inspection between, List<ReplayedGroups.Instance> gone, Replay.Watcher watcher)
      throws IOException {
    Recovery.Ready ready =
        Recovery.open(disk, between.segmentBytes(), Runnable::run, ProgressMeter.silent(), watcher);
    try (Closeable segments = ready.writer()::close;
        Closeable prepared = ready.preparer()::close;
        SnapshotFiles snapshots = SnapshotFiles.open(disk)) {
      for (ReplayedGroups.Instance replica : gone) {
        ready.writer().append(RecordHeader.Type.REMOVED, replica.group(), replica.incarnation(), 0);
      }
      ready.writer().sync();
      Set<ReplayedGroups.Instance> removed = new HashSet<>(ready.removed());
      removed.addAll(gone);
      for (ReplayedGroups.Instance replica : removed) {
        snapshots.remove(replica.group(), replica.incarnation());
      }
      disk.syncDirectory();
    }
  }
}

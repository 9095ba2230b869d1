package io.quorate.testkit;

import io.quorate.runtime.Workers;
import io.quorate.spi.Archive;
import io.quorate.spi.Log;
import io.quorate.spi.LogStore;
import io.quorate.testkit.disk.DiskFault;
import io.quorate.testkit.disk.SimDisk;
import io.quorate.testkit.disk.SimDisk.Part;
import io.quorate.testkit.disk.SimDisk.Survival;
import io.quorate.testkit.invariants.SyncedImage;
import io.quorate.testkit.invariants.WatchedStore;
import io.quorate.testkit.world.Life;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The disk of one member, and all that can befall it: {@link Sim#disk}.
 *
 * <p>What was asked for happens in the calls to come, through crashes and restarts, until it has
 * happened or until {@link #mend}. Each fault counts in {@link Sim#diskFaults} when it happens.
 *
 * <p>A disk that was damaged stays {@link #isDamaged}: its member may halt, or not start, or lack
 * entries or its record; but it must not go on with anything else than what was synced. Damage is
 * undone by nothing but what a user would do: nothing yet, until a member can be replaced.
 */
public final class MemberDisk {
  private static final int SEGMENT_BYTES = 16 << 10;

  private final SimMember member;
  private final SimMember.World world;
  private final SplittableRandom random;
  private SimDisk disk;
  private SyncedImage image;
  private KeptMachine.Store kept = new KeptMachine.Store();
  private @Nullable LogStore store;
  private @Nullable Backup backup;
  private @Nullable Survival off;
  private Survival cut = Survival.NOTHING;
  private long slowNanosMax;
  private boolean hanging;
  private boolean told;
  private boolean damaged;
  private boolean old;
  private boolean failed;
  private Runnable onMend = () -> {};

  private record Backup(SimDisk disk, SyncedImage image, KeptMachine.Store kept, long durable) {}

  MemberDisk(SimMember member, SimMember.World world) {
    this.member = member;
    this.world = world;
    random = world.random().split();
    disk = new SimDisk(random.nextLong(), this::happened);
    image = new SyncedImage(world.verdict(), member.id());
    world.laws().disk(member.id(), image);
  }

  // Faults of calls

  /** The {@code n}-th call from now, counted from 1, fails; a write may be done in part. */
  public void failCall(long n) {
    disk.failCall(n);
  }

  /**
   * The next sync of a file fails. Some of what it was for is on the platter; the rest is in the
   * system's cache only, which takes it for written.
   */
  public void failSync() {
    disk.failSync();
  }

  /**
   * The power goes inside the {@code n}-th call from now, counted from 1, or, with {@link
   * Survival#CACHED}, the process is killed there: a write is done in part, and nothing that would
   * follow is done.
   */
  public void cutPowerInCall(long n, Survival survival) {
    cut = survival;
    disk.cutPowerAtCall(n);
  }

  /** Each turn of the log thread takes up to so long more; 0 for none. */
  public void slow(long nanosMax) {
    slowNanosMax = nanosMax;
  }

  /** No call of the log thread returns. The process lives on; reads return. */
  public void hang() {
    hanging = true;
    told = false;
  }

  /** No file can grow any more; what is allocated can be written, and all can be read. */
  public void fill() {
    disk.fill();
  }

  /** Files can grow by so many bytes in all; then as {@link #fill}. */
  public void leave(long bytes) {
    disk.leave(bytes);
  }

  /** No call fails, hangs, or is slow any more, and there is room. What is damaged stays so. */
  public void mend() {
    disk.mend();
    slowNanosMax = 0;
    hanging = false;
    onMend.run();
  }

  // Damage

  /**
   * Flips a random bit of what is durable, on the platter and in all caches.
   *
   * @return whether there was one of that part
   */
  public boolean flipBit(Part part) {
    return disk.flipBit(part);
  }

  /**
   * The next write of at least a sector lands on older, durable bytes of its file instead of its
   * own place, on the platter, as a whole and at once. A write for which there are none passes.
   */
  public void misdirectWrite() {
    disk.misdirectWrite();
  }

  /** Copies what is durable, in place of any earlier copy. */
  public void backUp() {
    backup = new Backup(disk.synced(random.nextLong()), image.copy(), kept.copy(), durable());
  }

  boolean hasBackup() {
    return backup != null;
  }

  /** How far the log was durable when the copy was made. */
  long backedUp() {
    return backup == null ? 0 : backup.durable;
  }

  /** Whether a call has failed since the member's start: then more may be durable than it knows. */
  boolean hasFailed() {
    return failed;
  }

  /** How far the log is durable; see {@link LogStore#durable}. */
  long durable() {
    return store == null ? 0 : store.durable();
  }

  /**
   * Ends the process and puts the copy back, in place of all that is there. Until the disk is wiped
   * its member may halt because of it.
   *
   * @return whether there is a copy
   */
  public boolean restoreBackup() {
    Backup copy = backup;
    if (copy == null) {
      return false;
    }
    exchange(copy.disk.synced(random.nextLong(), this::happened), copy.image.copy());
    kept = copy.kept.copy();
    old = true;
    happened(DiskFault.BACKUP_RESTORED);
    return true;
  }

  /** Ends the process and empties the disk. */
  public void wipe() {
    exchange(
        new SimDisk(random.nextLong(), this::happened),
        new SyncedImage(world.verdict(), member.id()));
    old = false;
    happened(DiskFault.WIPED);
  }

  private void exchange(SimDisk other, SyncedImage itsImage) {
    member.crash(Survival.NOTHING);
    off = null;
    disk = other;
    image = itsImage;
    kept = new KeptMachine.Store();
    world.laws().disk(member.id(), image);
  }

  /** Whether the disk may not hold any more what was synced to it. */
  public boolean isDamaged() {
    return damaged;
  }

  /** Whether there was another disk before, without which the member is refused. */
  boolean isReplaced() {
    return world.laws().isReplaced(member.id());
  }

  private void happened(DiskFault fault) {
    world.diskFaults().merge(fault, 1, Integer::sum);
    world.trace().add("diskfault", member.id(), fault);
    failed |= fault.isFailure();
    damaged |= fault.isDamage();
    if (fault == DiskFault.CUT_IN_CALL) {
      member.crash(cut);
    }
  }

  // For the member

  /** A process starts. */
  void begin() {
    if (off != null) {
      disk.restart(off);
      off = null;
    }
    failed = false;
    onMend = () -> {};
  }

  /** The process has ended. */
  void end(Survival survival) {
    off = survival;
    disk.cutPower();
  }

  /**
   * Whether a replica may halt and say that: the disk has failed since the start, in these words,
   * or it does not hold what was synced. Of spoiled bytes the replica has to say where they are, of
   * an old state that it is one. A damaged snapshot keeps no member from starting that has others.
   */
  boolean excuses(String halt, boolean starting) {
    boolean isAlone = halt.contains("Nobody else holds a copy");
    return (failed && halt.contains("simulated: "))
        || (damaged && halt.contains(".log, offset "))
        || (damaged && halt.contains(".snap, offset ") && (!starting || isAlone))
        || isFoundOld(halt);
  }

  /** Whether a replica that has halted with these words has found that its disk was put back. */
  boolean isFoundOld(@Nullable String halt) {
    return old && halt != null && halt.contains("QRT-104: ");
  }

  /** What the member's state machine has kept, if it keeps anything. */
  KeptMachine.Store kept() {
    return kept;
  }

  /** The state machine's store is as it was; the log is not. */
  void putBackKept(KeptMachine.Store older) {
    kept = older;
  }

  Log log(Runnable onFailure) {
    return log(onFailure, disk);
  }

  /** The backups on this disk. */
  Log backups() {
    return disk.log(SEGMENT_BYTES);
  }

  /** A log that finds the backups of another disk. */
  Log log(Runnable onFailure, SimDisk backups) {
    SimDisk current = disk;
    SyncedImage synced = image;
    return new Log() {
      @Override
      public LogStore open() {
        LogStore opened = current.log(SEGMENT_BYTES).open();
        store = opened;
        return new WatchedStore(
            opened, synced, onFailure, world.network().setting().incidents()::happened);
      }

      @Override
      public Archive archive(String directory, boolean create) {
        return backups.log(SEGMENT_BYTES).archive(directory, create);
      }
    };
  }

  /** The backups on this disk, and how to spoil them; not the log. */
  SimDisk platter() {
    return disk;
  }

  Workers workers(Workers below, Life life) {
    return new DiskWorkers(below, life, this);
  }

  // For the workers

  /** What to do when the disk works again; for as long as this process lives. */
  void onMend(Runnable task) {
    onMend = task;
  }

  /** How much longer than others this turn takes. */
  long delayNanos() {
    if (slowNanosMax == 0) {
      return 0;
    }
    happened(DiskFault.SLOW);
    return random.nextLong(slowNanosMax) + 1;
  }

  /** Whether the turn that is due has to wait. */
  boolean holds() {
    if (hanging && !told) {
      told = true;
      happened(DiskFault.HANGS);
    }
    return hanging;
  }
}

package io.quorate.runtime;

import io.quorate.runtime.Intake.Origin;
import io.quorate.spi.Engine;
import io.quorate.spi.Loop;

/**
 * The end of a loop's turn, whatever inputs it had: what waits is proposed, and all that the engine
 * has put out goes where it belongs. Also the engine's timer. Loop only.
 */
final class Turn<M> {
  /** The replica's side. */
  interface Replica {
    /** Runs an input, and has the turn flushed after it, unless the replica has ended. */
    void inTurn(Runnable input);

    boolean hasEnded();

    void end(Throwable cause);
  }

  private final Replica replica;
  private final Loop loop;
  private final Engine<M> engine;
  private final EngineEffects<M> effects;
  private final Consequences consequences;
  private final Leadership leadership;
  private final Stages stages;
  private final Callers callers;
  private final ClusterClock clock;
  private final DiskWatch disk;
  private final long epoch;
  private final Alarm alarm;
  private boolean started;
  private boolean stalled;
  private boolean flushQueued;

  /** Where the turn's work goes. */
  record Stages(
      LogStage log, Outbox outbox, HandOver handOver, ApplyStage apply, SnapshotDesk snapshots) {}

  /** Those who wait for it. */
  record Callers(
      Intake intake,
      Courier courier,
      Peers peers,
      ReadDesk reads,
      ClientDesk desk,
      Housekeeping housekeeping) {}

  Turn(
      Replica replica,
      Loop loop,
      Engine<M> engine,
      EngineEffects<M> effects,
      Consequences consequences,
      Leadership leadership,
      Stages stages,
      Callers callers,
      ClusterClock clock,
      DiskWatch disk,
      long epoch) {
    this.replica = replica;
    this.loop = loop;
    this.engine = engine;
    this.effects = effects;
    this.consequences = consequences;
    this.leadership = leadership;
    this.stages = stages;
    this.callers = callers;
    this.clock = clock;
    this.disk = disk;
    this.epoch = epoch;
    alarm = new Alarm(loop, () -> replica.inTurn(this::tick));
  }

  /** From now on the engine is told of its disk. */
  void start() {
    started = true;
  }

  boolean hasStarted() {
    return started;
  }

  /** The replica ends. */
  void stop() {
    alarm.cancel();
  }

  /** Has the turn flushed at its end. */
  void queueFlush() {
    if (!flushQueued && !replica.hasEnded()) {
      flushQueued = true;
      loop.execute(this::flush);
    }
  }

  /** The end of the turn: propose what waits, send, write, hand over. */
  private void flush() {
    flushQueued = false;
    if (replica.hasEnded()) {
      return;
    }
    try {
      long now = loop.nanoTime();
      watchDisk(now);
      stages.snapshots.look(now, stages.apply);
      propose(now);
      if (callers.reads.waiting().hasUnasked()) {
        engine.read(now, callers.reads.begin(now), effects);
      }
      if (callers.reads.waiting().hasUnaskedOfQuorum()) {
        engine.readOfQuorum(now, callers.reads.beginOfQuorum(now), effects);
      }
      stages.outbox.flush();
      effects.flush(stages.log);
      boolean full = !stages.handOver.hasRoom(now);
      stages.handOver.run(stages.apply);
      if (full && stages.handOver.hasRoom(now)) {
        queueFlush(); // What the full window held back goes out now.
      }
      callers.desk.flush();
      rearm(now);
    } catch (Throwable e) {
      replica.end(e);
    }
  }

  private void propose(long now) {
    int leader = leadership.member();
    if (leadership.isOwn()) {
      while (leadership.isOwn() && stages.handOver.hasRoom(now) && !disk.isFull()) {
        Origin origin = callers.intake.next(clock.leaderTime(now), epoch, leadership.stamp());
        if (origin == null) {
          return;
        }
        origin.proposedAt = now;
        consequences.proposing(origin);
        engine.propose(now, origin.value, effects);
        consequences.proposing(null);
      }
    } else if (leader != 0 && callers.peers.isUp(leader)) {
      // One hop: the leader puts them into its log, and applying them settles them here.
      callers.courier.send(leader);
    }
  }

  /** One timer for the engine, and one for what waits, if anything does. */
  private void rearm(long now) {
    alarm.set(engine.deadline(), now);
    alarm.set(disk.deadline(now), now);
    callers.housekeeping.rearm();
  }

  private void tick() {
    long now = loop.nanoTime();
    watchDisk(now); // First: who is stalled must not stand because its time has come.
    long deadline = engine.deadline();
    if (deadline != Engine.NEVER && deadline - now <= 0) {
      engine.tick(now, effects);
    }
  }

  private void watchDisk(long now) {
    disk.look(now);
    if (started && disk.isStalled(now) != stalled) {
      stalled = !stalled;
      engine.storageStalled(now, stalled, effects);
    }
  }
}

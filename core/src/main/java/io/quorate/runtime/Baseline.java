package io.quorate.runtime;

import io.quorate.spi.Base;
import io.quorate.spi.Engine;
import org.jspecify.annotations.Nullable;

/**
 * Where the log of a replica begins, and from which state it goes on there: at its start, when it
 * has taken a snapshot, and when it got one from another member. Loop only.
 */
final class Baseline implements SnapshotDesk.Owner {
  /** The replica's side. */
  interface Replica {
    boolean leads();

    /** A snapshot has come from another member, and is restored next. */
    void received(Base base, SnapshotHead head);

    /** The log begins there now; for the engine and for the store. */
    void rebased(Base base, boolean continued);

    /** All up to there is settled, by a snapshot of another member if {@code received}. */
    void restored(long index, boolean received);

    /** As {@link SnapshotDesk.Owner#inTurn}. */
    void inTurn(Runnable input);
  }

  private final Replica replica;
  private final long epoch;
  private final Tail tail;
  private final ClusterClock clock;
  private final HandOver handOver;
  private final ApplyStage apply;
  private final boolean kept;
  private final boolean continued;

  /**
   * For a log as it was found.
   *
   * @param kept whether the state machine has kept a state that is no older than the snapshot
   * @param continued whether what the log holds was written behind the snapshot that was found;
   *     true if there was none
   */
  Baseline(
      Replica replica,
      long epoch,
      Tail tail,
      ClusterClock clock,
      HandOver handOver,
      ApplyStage apply,
      boolean kept,
      boolean continued) {
    this.replica = replica;
    this.epoch = epoch;
    this.tail = tail;
    this.clock = clock;
    this.handOver = handOver;
    this.apply = apply;
    this.kept = kept;
    this.continued = continued;
  }

  /** Before the start: the state comes from the snapshot that was found, if one was. */
  void restoreFound(SnapshotDesk.@Nullable Found found) {
    if (found != null) {
      clock.saw(found.head().time());
      if (!found.isFounding()) {
        pass(found.base(), false);
      }
      if (!kept) {
        submitRestore(found.base());
      }
    }
  }

  /** Right after {@link Engine#start}. */
  void start() {
    if (tail.base().index() > 0) {
      replica.rebased(tail.base(), continued);
    }
  }

  @Override
  public void released(Base base) {
    if (base.index() > tail.base().index()) {
      rebase(base);
    }
  }

  @Override
  public void received(Base base, SnapshotHead head) {
    if (base.index() > handOver.commit() && !replica.leads()) {
      replica.received(base, head);
      clock.saw(head.time());
      pass(base, true);
      submitRestore(base);
      rebase(base);
    }
  }

  @Override
  public void apply(ApplyStage.Work work) {
    apply.submit(work);
  }

  @Override
  public void inTurn(Runnable input) {
    replica.inTurn(input);
  }

  /** All up to that entry is in a state that is there, or is restored next. */
  private void pass(Base base, boolean received) {
    handOver.restored(base.index());
    apply.supersede(base.index());
    replica.restored(base.index(), received);
  }

  private void submitRestore(Base base) {
    ApplyStage.Work work = new ApplyStage.Work();
    work.epoch = epoch;
    work.restore = base;
    apply.submit(work);
  }

  private void rebase(Base base) {
    boolean continues = tail.rebase(base);
    replica.rebased(base, continues);
  }
}

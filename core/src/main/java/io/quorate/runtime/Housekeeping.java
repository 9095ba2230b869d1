package io.quorate.runtime;

import io.quorate.runtime.Calls.Proposal;
import io.quorate.runtime.Calls.Query;
import io.quorate.spi.Loop;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Now and then while anything waits: what waits too long fails, what seems lost is tried again.
 * Loop only.
 */
final class Housekeeping {
  private static final long EVERY_NANOS = 50_000_000;

  private final Loop loop;
  private final Consumer<Runnable> inTurn;
  private final Leadership leadership;
  private final Peers peers;
  private final Proposals proposals;
  private final ReadDesk reads;
  private final Courier courier;
  private final Ending ending;
  private final ClientDesk desk;
  private final Entrance entrance;
  private final Supplier<String> explanation;
  private boolean due;

  Housekeeping(
      Loop loop,
      Consumer<Runnable> inTurn,
      Leadership leadership,
      Peers peers,
      Proposals proposals,
      ReadDesk reads,
      Courier courier,
      Ending ending,
      ClientDesk desk,
      Entrance entrance,
      Supplier<String> explanation) {
    this.loop = loop;
    this.inTurn = inTurn;
    this.leadership = leadership;
    this.peers = peers;
    this.proposals = proposals;
    this.reads = reads;
    this.courier = courier;
    this.ending = ending;
    this.desk = desk;
    this.entrance = entrance;
    this.explanation = explanation;
  }

  /** Sees to it that what waits is looked at. */
  void rearm() {
    if (!due && !(proposals.isEmpty() && reads.waiting().isEmpty())) {
      due = true;
      loop.schedule(EVERY_NANOS, this::begin);
    }
  }

  private void begin() {
    due = false;
    inTurn.accept(() -> run(loop.nanoTime()));
  }

  private void run(long now) {
    int leader = leadership.member();
    for (Proposal late : proposals.overdue(now)) {
      ending.fail(late, Sentences.timedOut(late, leader, explanation.get(), entrance));
    }
    for (Query late : reads.waiting().overdue(now)) {
      desk.fail(late, reads.late(late, now, explanation.get()));
    }
    reads.keepHouse(now);
    courier.keepHouse(now, leadership.isOwn() || !peers.isUp(leader) ? 0 : leader);
  }
}

package io.quorate.runtime;

import io.quorate.runtime.Intake.Origin;
import io.quorate.spi.Configuration;
import io.quorate.spi.Entry;
import io.quorate.spi.Loop;
import io.quorate.spi.Stamp;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What follows in the runtime from what the engine puts out. Loop only. */
final class Consequences implements EngineEffects.Replica {
  private static final Logger log = LoggerFactory.getLogger(Consequences.class);

  private final int self;
  private final Loop loop;
  private final Leadership leadership;
  private final ClusterClock clock;
  private final HandOver handOver;
  private final Peers peers;
  private final Consumer<@Nullable Configuration> formed;
  private final ReadDesk reads;
  private final LeaseDesk lease;
  private final FarEntries farEntries;
  private final SnapshotDesk snapshots;
  private final Intake intake;
  private final Courier courier;
  private final Transfers transfers;
  private final Runnable leaderChanged;
  private @Nullable Origin proposing;

  /**
   * For a replica.
   *
   * @param formed hears the configuration that a written entry has brought
   * @param leaderChanged tells clients
   */
  Consequences(
      int self,
      Loop loop,
      Leadership leadership,
      ClusterClock clock,
      HandOver handOver,
      Peers peers,
      Consumer<@Nullable Configuration> formed,
      ReadDesk reads,
      LeaseDesk lease,
      FarEntries farEntries,
      SnapshotDesk snapshots,
      Intake intake,
      Courier courier,
      Transfers transfers,
      Runnable leaderChanged) {
    this.self = self;
    this.loop = loop;
    this.leadership = leadership;
    this.clock = clock;
    this.handOver = handOver;
    this.peers = peers;
    this.formed = formed;
    this.reads = reads;
    this.lease = lease;
    this.farEntries = farEntries;
    this.snapshots = snapshots;
    this.intake = intake;
    this.courier = courier;
    this.transfers = transfers;
    this.leaderChanged = leaderChanged;
  }

  /** The batch that is being proposed; null when that is done. */
  void proposing(@Nullable Origin origin) {
    proposing = origin;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // The very batch that is being proposed.
  public void written(Entry entry) {
    clock.seen(entry);
    Origin origin = proposing;
    if (origin != null && origin.value == entry.value()) {
      origin.index = entry.index();
      handOver.proposed(origin);
    }
    if (entry.kind() == Entry.Kind.FOUNDING || entry.kind() == Entry.Kind.CONFIGURATION) {
      peers.configured(entry);
      formed.accept(peers.configuration());
    }
  }

  @Override
  public void truncated(long from) {
    handOver.truncated(from);
  }

  @Override
  public void committed(long index) {
    handOver.committed(index);
    lease.committed(index);
    reads.committed(index);
  }

  @Override
  public void readable(long id, long index) {
    reads.readable(loop.nanoTime(), id, index);
  }

  @Override
  public void unreadable(long id) {
    reads.waiting().refused(id);
  }

  @Override
  public void lease(long since, long until) {
    lease.granted(since, until);
  }

  @Override
  public void leader(int member, Stamp of) {
    if (member == leadership.member() && of.equals(leadership.stamp())) {
      return;
    }
    if (member != leadership.member() || member == self) {
      log.info("member {}: {} leads (stamp {})", self, member == 0 ? "nobody" : member, of);
    }
    leadership.change(member, of);
    lease.ended();
    if (leadership.isOwn()) {
      clock.lead(loop.nanoTime());
      snapshots.leads();
    } else {
      intake.dropReceived();
    }
    courier.handAgain();
    reads.waiting().askAgain();
    transfers.leaderChanged(member);
    leaderChanged.run();
  }

  @Override
  public void transferFailed(String why) {
    transfers.failed(why);
  }

  @Override
  public void fetch(int to, long from, int maxBytes) {
    farEntries.fetch(to, from, maxBytes);
  }

  @Override
  public void needSnapshot(int from, long index) {
    snapshots.need(loop.nanoTime(), from, index);
  }
}

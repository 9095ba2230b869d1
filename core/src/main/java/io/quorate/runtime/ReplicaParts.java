package io.quorate.runtime;

import io.quorate.DurableStateMachine;
import io.quorate.StateMachine;
import io.quorate.Status;
import io.quorate.runtime.Calls.Call;
import io.quorate.spi.Engine;
import io.quorate.spi.Entry;
import io.quorate.spi.LogStore;
import io.quorate.spi.Loop;
import io.quorate.spi.Member;
import io.quorate.spi.Protocol;
import io.quorate.spi.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What a replica is made of, and how its parts are connected; {@link ReplicaLoop} says what happens
 * in it. Nothing is called back before all are there.
 */
abstract class ReplicaParts<M>
    implements LogStage.Listener,
        ApplyStage.Listener,
        Baseline.Replica,
        FarEntries.Replica,
        Turn.Replica {
  private static final long TAIL_BYTES = 64L << 20;
  private static final long PATIENCE_NANOS = 1_000_000_000;

  final CompletableFuture<Void> ready = new CompletableFuture<>();
  final CompletableFuture<Void> closed = new CompletableFuture<>();
  final Entrance entrance;

  final Host host;
  final Protocol<M> protocol;
  final Member self;
  final long group;
  final long epoch;
  final LogStore.Group store;
  final Loop loop;
  final Transport.Link link;
  final MemberFrames frames;
  final Admission admission;
  final Mailbox<Call> mailbox = new Mailbox<>();
  final Proposals proposals;
  final Courier courier;
  final Sentences sentences;
  final Intake intake;
  final Tail tail;
  final Peers peers;
  final Leadership leadership;
  final ClusterClock clock = new ClusterClock();
  final HandOver handOver;
  final DiskWatch disk;
  final ApplyStage apply;
  final ClientDesk desk;
  final EngineEffects<M> effects;
  final Engine<M> engine;
  final @Nullable MuteEngine<M> mute;
  final Portrait portrait;
  final Reception reception;
  final Ending ending;
  final SnapshotDesk snapshots;
  final SnapshotOrders orders;
  final Baseline baseline;
  final FarEntries farEntries;
  final ReadDesk reads;
  final LeaseDesk lease;
  final DirectReads directReads;
  final Consequences consequences;
  final Transfers transfers;
  final Readiness readiness;
  final Turn<M> turn;

  ReplicaParts(
      Host host,
      Protocol<M> protocol,
      long group,
      Beginning beginning,
      StateMachine machine,
      @Nullable Bookmark bookmark) {
    this.host = host;
    this.protocol = protocol;
    this.group = group;
    store = beginning.log();
    LogStore.Recovered recovered = store.recovered();
    SnapshotDesk.Found found = beginning.found();
    epoch = recovered.epoch();
    self = new Member(host.member(), recovered.incarnation());
    leadership = new Leadership(self.id());
    link = host.link();
    loop = link.loop((int) (group % link.loops()));
    frames = new MemberFrames(link, group, self.id(), host.cluster().members());
    peers = new Peers(self, frames::refused);
    disk =
        new DiskWatch(
            self.id(),
            host.cluster().members(),
            host.logStage(),
            host.store(),
            peers,
            protocol.electionTimeoutNanos(),
            frames::full);
    admission = new Admission(disk::refusal);
    entrance = new Entrance(admission, loop::nanoTime, this::submit);
    sentences = new Sentences(self.id());
    tail = new Tail(recovered, TAIL_BYTES);
    boolean continued = found == null || found.isFounding() || tail.rebase(found.base());
    Outbox outbox = new Outbox(link, host::durable);
    handOver = new HandOver(tail, epoch);
    desk = new ClientDesk(link, group, admission, host.background()::execute);
    readiness = new Readiness(ready, loop, host.random(), this::queueFlush);
    proposals = new Proposals(this::drawSession, admission, host.background()::execute);
    courier = new Courier(proposals, group, frames::forward, PATIENCE_NANOS, host.timeoutNanos());
    intake = new Intake(proposals, admission);
    ending = new Ending(sentences, admission, mailbox, proposals, host.background()::execute);
    List<Entry> configurations = beginning.configurations();
    clock.seeNewest(store, epoch, tail);
    mute = beginning.lost() == null ? null : muteEngine(beginning.lost());
    engine = mute == null ? engine(configurations) : mute;
    farEntries =
        new FarEntries(
            this, self.id(), store, epoch, tail, host.background()::execute, loop::execute);
    // After all that may fail: it starts a thread, which nobody would stop.
    boolean kept = mute == null && Bookmark.covers(bookmark, found);
    apply = applyStage(machine, kept ? bookmark : null);
    lease = new LeaseDesk(loop::nanoTime, loop::wallNanos);
    reads = new ReadDesk(handOver, apply, new Freshness(loop::wallNanos), lease);
    directReads = new DirectReads(machine, lease, apply);
    baseline = new Baseline(this, epoch, tail, clock, handOver, apply, kept, continued);
    snapshots = new SnapshotDesk(host, group, epoch, store, loop, found, baseline);
    orders =
        new SnapshotOrders(
            snapshots,
            store.snapshots(),
            host::archive,
            host.snapshotting(),
            loop,
            host.snapshotPace().bytesPerSecond(),
            desk,
            ending::cause,
            () -> apply.progress().entryIndex());
    transfers = new Transfers(self.id(), desk, leadership::member, this::transfer);
    consequences = consequences();
    effects =
        new EngineEffects<>(
            consequences,
            this,
            protocol,
            tail,
            outbox,
            store,
            new EngineEffects.Address(group, epoch, self.incarnation()));
    configurations.forEach(consequences::written);
    portrait =
        new Portrait(
            self,
            host.cluster(),
            peers,
            tail,
            handOver,
            apply,
            admission,
            sentences,
            disk,
            snapshots);
    reception =
        new Reception(
            self.id(),
            peers,
            new AdminDesk(protocol.name(), desk, this::statusNow, transfers, orders),
            forwarding(),
            intake,
            desk,
            apply,
            disk,
            snapshots,
            handOver,
            loop,
            host.timeoutNanos(),
            query -> reads.take(query, loop.nanoTime()));
    turn =
        new Turn<>(
            this,
            loop,
            engine,
            effects,
            consequences,
            leadership,
            new Turn.Stages(host.logStage(), outbox, handOver, apply, snapshots),
            new Turn.Callers(intake, courier, peers, reads, desk, housekeeping()),
            clock,
            disk,
            epoch);
  }

  /** The protocol's, for the log as it is now. */
  private Engine<M> engine(List<Entry> configurations) {
    LogStore.Recovered recovered = store.recovered();
    return protocol.engine(
        new Engine.Setup(
            self,
            epoch,
            host.introduction().founding(protocol.name()),
            configurations,
            recovered.saved(),
            recovered.savedLost() != null,
            tail,
            host.random()));
  }

  private MuteEngine<M> muteEngine(MuteEngine.Lost lost) {
    List<Integer> others = new ArrayList<>(host.cluster().members());
    others.remove(Integer.valueOf(self.id()));
    return new MuteEngine<>(
        lost, others, peers::isUp, protocol.electionTimeoutNanos() / 5, this::engine);
  }

  private Housekeeping housekeeping() {
    return new Housekeeping(
        loop,
        this::inTurn,
        leadership,
        peers,
        proposals,
        reads,
        courier,
        ending,
        desk,
        entrance,
        this::explainNow);
  }

  private Consequences consequences() {
    return new Consequences(
        self.id(),
        loop,
        leadership,
        clock,
        handOver,
        peers,
        host.introduction()::formed,
        reads,
        lease,
        farEntries,
        snapshots,
        intake,
        courier,
        transfers,
        () -> desk.tellAll(leadership.member(), apply.progress().time()));
  }

  private Forwarding forwarding() {
    return new Forwarding(
        group, intake, admission, frames::turnedAway, proposals, courier, ending::fail);
  }

  private ApplyStage applyStage(StateMachine machine, @Nullable Bookmark bookmark) {
    Applier applier =
        new Applier(machine, protocol::compareStamps, new SessionTable(host.sessionExpiryNanos()));
    if (bookmark != null) {
      applier.resume(bookmark);
      clock.saw(bookmark.head().time());
    }
    if (machine instanceof DurableStateMachine) {
      handOver.waitForDisk();
    }
    ClientOutcomes outcomes =
        new ClientOutcomes(
            group,
            (client, frame) ->
                loop.execute(() -> link.send(client, Wire.OUTCOMES, frame, List.of())),
            admission,
            Runnable::run);
    return new ApplyStage(
        machine,
        applier,
        store,
        proposals,
        outcomes,
        this,
        host.workers(),
        "quorate-apply-" + host.member(),
        host.keepBytes());
  }

  // What the parts call

  /** A call has come in; any thread. */
  abstract void submit(Call call);

  /** Leadership is to go to that member; 0 for any. */
  abstract void transfer(int target);

  abstract void queueFlush();

  abstract Status statusNow();

  abstract String explainNow();

  /** The session of a caller that has none; null while it cannot be drawn. */
  abstract @Nullable SessionId drawSession();
}

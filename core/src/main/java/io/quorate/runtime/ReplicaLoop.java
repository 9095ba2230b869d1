package io.quorate.runtime;

import io.quorate.DurableStateMachine;
import io.quorate.QuorateException;
import io.quorate.StateMachine;
import io.quorate.Status;
import io.quorate.runtime.Calls.Call;
import io.quorate.runtime.Calls.Proposal;
import io.quorate.runtime.Calls.Query;
import io.quorate.spi.Base;
import io.quorate.spi.Engine;
import io.quorate.spi.Entry;
import io.quorate.spi.LogStore;
import io.quorate.spi.Loop;
import io.quorate.spi.Member;
import io.quorate.spi.Protocol;
import io.quorate.spi.StorageException;
import io.quorate.spi.Transport;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One member of one group: its engine, and all that the engine must not know.
 *
 * <p>Everything is done in the loop unless a method says otherwise. An input goes to the engine at
 * once; what it put out, and what waits to be proposed, is flushed at the end of the loop's turn.
 */
final class ReplicaLoop<M>
    implements LogStage.Listener,
        ApplyStage.Listener,
        Baseline.Replica,
        FarEntries.Replica,
        Turn.Replica {
  private static final Logger log = LoggerFactory.getLogger(ReplicaLoop.class);
  private static final long TAIL_BYTES = 64L << 20;
  private static final long PATIENCE_NANOS = 1_000_000_000;

  final CompletableFuture<Void> ready = new CompletableFuture<>();
  final CompletableFuture<Void> closed = new CompletableFuture<>();
  final Entrance entrance;

  private final Host host;
  private final Protocol<M> protocol;
  private final Member self;
  private final long group;
  private final long epoch;
  private final LogStore.Group store;
  private final Loop loop;
  private final Transport.Link link;
  private final MemberFrames frames;
  private final Admission admission;
  private final Mailbox<Call> mailbox = new Mailbox<>();
  private final Proposals proposals;
  private final Courier courier;
  private final Sentences sentences;
  private final Intake intake;
  private final Tail tail;
  private final Peers peers;
  private final Leadership leadership;
  private final ClusterClock clock = new ClusterClock();
  private final HandOver handOver;
  private final DiskWatch disk;
  private final ApplyStage apply;
  private final ClientDesk desk;
  private final EngineEffects<M> effects;
  private final Engine<M> engine;
  private final @Nullable MuteEngine<M> mute;
  private final Portrait portrait;
  private final Reception reception;
  private final Ending ending;
  private final SnapshotDesk snapshots;
  private final SnapshotOrders orders;
  private final Baseline baseline;
  private final FarEntries farEntries;
  private final ReadDesk reads;
  private final LeaseDesk lease;
  private final DirectReads directReads;
  private final Consequences consequences;
  private final Transfers transfers;
  private final Readiness readiness;
  private final Turn<M> turn;

  ReplicaLoop(
      Host host,
      Protocol<M> protocol,
      long group,
      LogStore.Group store,
      Beginning beginning,
      StateMachine machine,
      @Nullable Bookmark bookmark) {
    this.host = host;
    this.protocol = protocol;
    this.group = group;
    this.store = store;
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
    List<Entry> configurations = Host.configurations(recovered, found);
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
    baseline.restoreFound(found); // From here on there are callbacks.
  }

  /** The protocol's, for the log as it is now. */
  private Engine<M> engine(List<Entry> configurations) {
    LogStore.Recovered recovered = store.recovered();
    return protocol.engine(
        new Engine.Setup(
            self,
            epoch,
            host.founding(protocol.name()),
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
        host::formed,
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

  /** The first thing in the loop. */
  void start() {
    turn.start();
    inTurn(
        () -> {
          engine.start(loop.nanoTime(), effects);
          baseline.start();
          reads.take(readiness.probe(), loop.nanoTime());
        });
  }

  // Inputs from callers and connections

  /** Settles a read with a lease, if that can be done without the loop. Any thread. */
  boolean answer(Query query) {
    return directReads.answer(query);
  }

  /** Any thread. */
  private void submit(Call call) {
    if (mailbox.put(call)) {
      loop.execute(this::drainMailbox);
    }
    ending.refuseLateCalls();
  }

  private void drainMailbox() {
    if (ending.hasBegun()) {
      return;
    }
    for (Call call = mailbox.takeAll(); call != null; ) {
      Call next = call.next();
      call.next(null);
      if (call instanceof Proposal proposal) {
        proposals.add(proposal);
      } else if (call instanceof Query query) {
        reads.take(query, loop.nanoTime());
      } else {
        throw new AssertionError(call);
      }
      call = next;
    }
    queueFlush();
  }

  /** A frame of kind {@link Wire#MESSAGES} had one message for this group. */
  void received(int from, long incarnation, ByteBuffer header, ByteBuffer values) {
    if (ending.hasBegun() || !turn.hasStarted() || !peers.admits(from, incarnation)) {
      return;
    }
    if (values.hasRemaining() && disk.isFull()) {
      return; // There is no room for what others write; a lost message does no harm.
    }
    M message = protocol.decode(header, values);
    Member sender = new Member(from, incarnation);
    inTurn(() -> engine.receive(loop.nanoTime(), sender, message, effects));
  }

  /** Any other frame; after the group. */
  void received(int from, int kind, ByteBuffer in) {
    Reception.checkSender(from, kind);
    if (!turn.hasStarted() || (ending.hasBegun() && kind != Wire.ADMIN)) {
      return; // Whoever asks why a replica has ended is answered.
    }
    reception.received(from, kind, in, leadership.member());
    queueFlush();
  }

  void connected(int member) {
    peers.connected(member);
    if (member == leadership.member()) {
      courier.handAgain();
    }
    queueFlush();
  }

  void disconnected(int peer, boolean dialled) {
    if (peer < 0) {
      desk.disconnected(peer);
    } else if (peers.disconnected(peer, dialled) && !ending.hasBegun()) {
      snapshots.lost(peer);
      inTurn(() -> engine.peerLost(loop.nanoTime(), peer, effects));
    }
  }

  void refusedConnection(int member, String reason) {
    peers.refusedConnection(member, reason);
  }

  // Inputs from log and apply stage

  @Override
  public void durable(long ticket) {
    loop.execute(
        () ->
            inTurn(
                () -> {
                  tail.durable(ticket, Math.min(handOver.wanted(), engine.wanted()));
                  engine.durable(loop.nanoTime(), ticket, effects);
                }));
  }

  @Override
  public void failed(StorageException cause) {
    loop.execute(() -> end(cause));
  }

  @Override
  public void failed(Throwable cause) {
    loop.execute(() -> end(cause));
  }

  @Override
  public void sessionExpired(Proposal refused) {
    loop.execute(
        () -> {
          if (!proposals.sessionExpired(refused)) {
            ending.fail(refused, Sentences.sessionExpired());
          }
          ending.failProposals();
          queueFlush();
        });
  }

  @Override
  public void drained() {
    loop.execute(this::queueFlush);
  }

  // Snapshots

  @Override
  public void captured(Capture capture) {
    snapshots.captured(capture);
  }

  @Override
  public void notCaptured(Throwable cause) {
    snapshots.notCaptured(cause);
  }

  @Override
  public boolean leads() {
    return leadership.isOwn();
  }

  @Override
  public void received(Base base, SnapshotHead head) {
    List<Entry> configurations =
        mute != null && mute.isMute()
            ? Host.configurations(store.recovered(), base, head)
            : head.configurations();
    configurations.forEach(consequences::written);
    engine.configured(configurations);
  }

  @Override
  public void rebased(Base base, boolean continues) {
    engine.rebased(loop.nanoTime(), continues, effects);
    effects.release(base.index());
  }

  @Override
  public void restored(long index, boolean received) {
    reads.committed(index);
    if (received) {
      courier.handAgain(); // What the snapshot includes is settled by another copy.
    }
  }

  @Override
  public void fetched(int to, List<Entry> entries) {
    engine.fetched(loop.nanoTime(), to, entries, effects);
  }

  @Override
  public void damaged(long index) {
    engine.damaged(loop.nanoTime(), index, effects);
  }

  // The turn

  @Override
  public void inTurn(Runnable input) {
    if (ending.hasBegun()) {
      return;
    }
    try {
      input.run();
    } catch (Throwable e) {
      end(e);
      return;
    }
    queueFlush();
  }

  private void queueFlush() {
    turn.queueFlush();
  }

  @Override
  public boolean hasEnded() {
    return ending.hasBegun();
  }

  // The end

  /** Leadership is to go to that member; 0 for any. */
  void transfer(int target) {
    inTurn(() -> engine.transfer(loop.nanoTime(), target, effects));
  }

  /** Hands over, if this replica leads and somebody can take over, and then ends. */
  void close(Runnable ended) {
    Runnable end =
        () -> {
          try {
            end(new Sentences.ClosedException());
          } finally {
            ended.run();
          }
        };
    if (transfers.retire(() -> loop.execute(end))) {
      loop.schedule(2 * protocol.electionTimeoutNanos(), transfers::end);
    }
  }

  /** Stops for good; a cause other than a close is told once, loudly. */
  @Override
  public void end(Throwable cause) {
    if (!ending.begin(cause)) {
      return;
    }
    boolean halted = Ending.isHalt(cause);
    if (halted) {
      boolean expected = cause instanceof QuorateException || cause instanceof StorageException;
      log.error("{}", sentences.end(cause), expected ? cause.getCause() : cause);
    }
    leadership.end();
    lease.ended();
    turn.stop();
    QuorateException told = new QuorateException(sentences.end(cause), cause);
    intake.dropReceived();
    ending.failProposals();
    ending.refuseCalls(cause);
    List<Query> left = reads.waiting().all();
    apply.end(told);
    transfers.end();
    desk.tellAll(0, apply.progress().time());
    left.forEach(query -> desk.refuse(query, told));
    orders.end();
    desk.flush();
    ending.announce(told, halted, ready, closed);
  }

  /** Not in-loop. */
  void closeStage() {
    apply.close();
  }

  /** After their worker. */
  void closeSnapshots() {
    snapshots.close();
    orders.close();
  }

  Loop loop() {
    return loop;
  }

  /** Any thread. */
  long incarnation() {
    return self.incarnation();
  }

  // For people

  /** Who leads, as this replica knows; 0 if it does not, and once it has ended. */
  int leader() {
    return leadership.member();
  }

  Status statusNow() {
    return portrait.status(loop.nanoTime(), engine.status(), ending.cause());
  }

  String explainNow() {
    return portrait.explanation(statusNow(), leadership.member());
  }

  private @Nullable SessionId drawSession() {
    return readiness.drawSession(apply.progress().time());
  }
}

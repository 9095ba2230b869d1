package io.quorate.runtime;

import io.quorate.QuorateException;
import io.quorate.StateMachine;
import io.quorate.Status;
import io.quorate.runtime.Calls.Call;
import io.quorate.runtime.Calls.Proposal;
import io.quorate.runtime.Calls.Query;
import io.quorate.runtime.Intake.Origin;
import io.quorate.spi.Base;
import io.quorate.spi.Engine;
import io.quorate.spi.Entry;
import io.quorate.spi.LogStore;
import io.quorate.spi.Loop;
import io.quorate.spi.Member;
import io.quorate.spi.Protocol;
import io.quorate.spi.Stamp;
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
    implements LogStage.Listener, ApplyStage.Listener, EngineEffects.Replica, SnapshotDesk.Owner {
  private static final Logger log = LoggerFactory.getLogger(ReplicaLoop.class);
  private static final long TAIL_BYTES = 64L << 20;
  private static final long HOUSEKEEPING_NANOS = 50_000_000;
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
  private final Admission admission;
  private final Mailbox<Call> mailbox = new Mailbox<>();
  private final Proposals proposals;
  private final Courier courier;
  private final Alarm alarm;
  private final Sentences sentences;
  private final Intake intake;
  private final Reads reads = new Reads();
  private final Tail tail;
  private final Outbox outbox;
  private final Peers peers;
  private final ClusterClock clock = new ClusterClock();
  private final HandOver handOver;
  private final DiskWatch disk;
  private final ApplyStage apply;
  private final ClientDesk desk;
  private final EngineEffects<M> effects;
  private final Engine<M> engine;
  private final Portrait portrait;
  private final Reception reception;
  private final Ending ending;
  private final SnapshotDesk snapshots;
  private final boolean continued;

  private boolean started;
  private boolean caughtUp;
  private boolean leading;
  private boolean stalled;
  private int leader;
  private Stamp stamp = Stamp.NONE;
  private boolean flushQueued;
  private @Nullable Origin proposing;
  private boolean housekeeping;

  ReplicaLoop(
      Host host,
      Protocol<M> protocol,
      long group,
      LogStore.Group store,
      SnapshotDesk.@Nullable Found found,
      StateMachine machine) {
    this.host = host;
    this.protocol = protocol;
    this.group = group;
    this.store = store;
    LogStore.Recovered recovered = store.recovered();
    epoch = recovered.epoch();
    self = new Member(host.member(), recovered.incarnation());
    link = host.link();
    loop = link.loop((int) (group % link.loops()));
    peers = new Peers(self, this::tellRefused);
    disk =
        new DiskWatch(
            self.id(),
            host.cluster().members(),
            host.logStage(),
            host.store(),
            peers,
            protocol.electionTimeoutNanos(),
            this::tellFull);
    admission = new Admission(disk::refusal);
    entrance = new Entrance(admission, loop::nanoTime, this::submit);
    alarm = new Alarm(loop, () -> guarded(this::tick));
    sentences = new Sentences(self.id());
    tail = new Tail(recovered, TAIL_BYTES);
    continued = found == null || tail.rebase(found.base());
    outbox = new Outbox(link, host::durable);
    handOver = new HandOver(tail, epoch);
    desk = new ClientDesk(link, group, admission, host.background()::execute);
    proposals = new Proposals(this::drawSession, admission, host.background()::execute);
    courier =
        new Courier(
            proposals,
            group,
            (to, frame) -> link.send(to, Wire.FORWARD, frame, List.of()),
            PATIENCE_NANOS,
            host.timeoutNanos());
    intake = new Intake(proposals, admission);
    ending = new Ending(sentences, admission, mailbox, proposals, host.background()::execute);
    effects =
        new EngineEffects<>(
            this,
            this,
            protocol,
            tail,
            outbox,
            store,
            new EngineEffects.Address(group, epoch, self.incarnation()));
    List<Entry> configurations = Host.configurations(recovered, found);
    configurations.forEach(this::written);
    clock.seeNewest(store, epoch, tail);
    engine =
        protocol.engine(
            new Engine.Setup(
                self,
                epoch,
                host.founding(protocol.name()),
                configurations,
                recovered.saved(),
                recovered.savedLost() != null,
                tail,
                host.random()));
    snapshots = new SnapshotDesk(host, group, epoch, store, loop, found, this);
    // Last, because it starts a thread, which nobody would stop if this constructor failed.
    apply = applyStage(machine);
    if (found != null) {
      clock.saw(found.head().time());
      restore(found.base());
    }
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
            new AdminDesk(protocol.name(), desk, this::statusNow),
            forwarding(),
            intake,
            desk,
            apply,
            disk,
            snapshots,
            handOver,
            loop,
            host.timeoutNanos(),
            this::take);
  }

  private Forwarding forwarding() {
    return new Forwarding(
        group,
        intake,
        admission,
        (to, frame) -> link.send(to, Wire.TURNED_AWAY, frame, List.of()),
        proposals,
        courier,
        ending::fail);
  }

  private ApplyStage applyStage(StateMachine machine) {
    Applier applier =
        new Applier(machine, protocol::compareStamps, new SessionTable(host.sessionExpiryNanos()));
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
        "quorate-apply-" + host.member());
  }

  /** The first thing in the loop. */
  void start() {
    started = true;
    guarded(
        () -> {
          engine.start(loop.nanoTime(), effects);
          if (tail.base().index() > 0) {
            engine.rebased(loop.nanoTime(), continued, effects);
            effects.release(tail.base().index());
          }
          reads.add(new ReadyProbe());
        });
  }

  // Inputs from callers and connections

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
        take(query);
      } else {
        throw new AssertionError(call);
      }
      call = next;
    }
    queueFlush();
  }

  private void take(Query query) {
    if (query.confirmed) {
      reads.add(query);
    } else if (query.seen > apply.progress().commandIndex()) {
      reads.awaitApplied(query);
    } else {
      handOver.query(apply, List.of(query), 0);
    }
  }

  /** A frame of kind {@link Wire#MESSAGES} had one message for this group. */
  void received(int from, long incarnation, ByteBuffer header, ByteBuffer values) {
    if (ending.hasBegun() || !started || !peers.admits(from, incarnation)) {
      return;
    }
    if (values.hasRemaining() && disk.isFull()) {
      return; // There is no room for what others write; a lost message does no harm.
    }
    M message = protocol.decode(header, values);
    Member sender = new Member(from, incarnation);
    guarded(() -> engine.receive(loop.nanoTime(), sender, message, effects));
  }

  /** Any other frame; after the group. */
  void received(int from, int kind, ByteBuffer in) {
    Reception.checkSender(from, kind);
    if (!started || (ending.hasBegun() && kind != Wire.ADMIN)) {
      return; // Whoever asks why a replica has ended is answered.
    }
    reception.received(from, kind, in, leader);
    queueFlush();
  }

  void connected(int member) {
    peers.connected(member);
    if (member == leader) {
      courier.handAgain();
    }
    queueFlush();
  }

  void disconnected(int peer, boolean dialled) {
    if (peer < 0) {
      desk.disconnected(peer);
    } else if (peers.disconnected(peer, dialled) && !ending.hasBegun()) {
      snapshots.lost(peer);
      guarded(() -> engine.peerLost(loop.nanoTime(), peer, effects));
    }
  }

  void refusedConnection(int member, String reason) {
    peers.refusedConnection(member, reason);
  }

  private void tellFull(boolean full) {
    for (int member : host.cluster().members()) {
      if (member != self.id()) {
        ByteBuffer frame = Wire.Out.ofGroup(group, 1).putByte(full ? 1 : 0).end();
        link.send(member, Wire.FULL, frame, List.of());
      }
    }
  }

  private void tellRefused(int member, long known) {
    link.send(member, Wire.REFUSED, Wire.Out.ofGroup(group, 8).putLong(known).end(), List.of());
  }

  // Inputs from log and apply stage

  @Override
  public void durable(long ticket) {
    loop.execute(
        () ->
            guarded(
                () -> {
                  tail.durable(ticket);
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
  public void apply(ApplyStage.Work work) {
    apply.submit(work);
  }

  @Override
  public void inTurn(Runnable input) {
    guarded(input);
  }

  @Override
  public void needSnapshot(int from, long index) {
    snapshots.need(loop.nanoTime(), from, index);
  }

  @Override
  public void released(Base base) {
    if (base.index() > tail.base().index()) {
      rebase(base);
    }
  }

  @Override
  public void received(Base base, SnapshotHead head) {
    if (base.index() > handOver.commit() && !leading) {
      clock.saw(head.time());
      restore(base);
      rebase(base);
      courier.handAgain(); // What the snapshot includes is settled by another copy.
    }
  }

  /** The state behind that entry is what is applied next. */
  private void restore(Base base) {
    handOver.restored(base.index());
    apply.supersede(base.index());
    ApplyStage.Work work = new ApplyStage.Work();
    work.epoch = epoch;
    work.restore = base;
    apply.submit(work);
    serveReads(base.index());
  }

  private void rebase(Base base) {
    boolean continues = tail.rebase(base);
    engine.rebased(loop.nanoTime(), continues, effects);
    effects.release(base.index());
  }

  // What the engine puts out

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
      host.formed(peers.configuration());
    }
  }

  @Override
  public void truncated(long from) {
    handOver.truncated(from);
  }

  @Override
  public void committed(long index) {
    handOver.committed(index);
    serveReads(index);
  }

  private void serveReads(long commit) {
    for (Reads.Confirmed read : reads.committed(commit)) {
      handOver.query(apply, read.queries(), read.index());
    }
  }

  @Override
  public void readable(long id, long index) {
    List<Query> queries = reads.confirmed(id);
    if (queries.isEmpty()) {
      return;
    }
    if (index <= handOver.commit()) {
      handOver.query(apply, queries, index);
    } else {
      reads.awaitCommit(index, queries);
    }
  }

  @Override
  public void unreadable(long id) {
    reads.refused(id);
  }

  @Override
  public void leader(int member, Stamp of) {
    if (member == leader && of.equals(stamp)) {
      return;
    }
    if (member != leader || member == self.id()) {
      log.info("member {}: {} leads (stamp {})", self.id(), member == 0 ? "nobody" : member, of);
    }
    leader = member;
    stamp = of;
    leading = member == self.id();
    if (leading) {
      clock.lead(loop.nanoTime());
      snapshots.leads();
    } else {
      intake.dropReceived();
    }
    courier.handAgain();
    reads.askAgain();
    desk.tellAll(leader, apply.progress().time());
  }

  @Override
  public void fetch(int to, long from, int maxBytes) {
    host.background().execute(() -> readFor(to, from, maxBytes));
  }

  /** Background thread. */
  private void readFor(int to, long from, int maxBytes) {
    List<Entry> entries = new ArrayList<>();
    try {
      store.read(epoch, from, maxBytes, entries::add);
      loop.execute(() -> guarded(() -> engine.fetched(loop.nanoTime(), to, entries, effects)));
    } catch (StorageException e) {
      loop.execute(() -> guarded(() -> couldNotRead(e, to, from, entries)));
    } catch (Throwable e) {
      loop.execute(() -> end(e));
    }
  }

  /** The entry behind those that were read is damaged: the engine gets it from elsewhere. */
  private void couldNotRead(StorageException cause, int to, long from, List<Entry> entries) {
    long index = from + entries.size();
    if (tail.damaged(index)) {
      log.warn("member {}: {}. It is fetched from another member", self.id(), cause.getMessage());
      engine.damaged(loop.nanoTime(), index, effects);
    }
    engine.fetched(loop.nanoTime(), to, entries, effects);
  }

  // The turn

  private void guarded(Runnable input) {
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
    if (!flushQueued && !ending.hasBegun()) {
      flushQueued = true;
      loop.execute(this::flush);
    }
  }

  /** The end of the turn: propose what waits, send, write, hand over. */
  private void flush() {
    flushQueued = false;
    if (ending.hasBegun()) {
      return;
    }
    try {
      long now = loop.nanoTime();
      watchDisk(now);
      snapshots.look(now, apply);
      propose(now);
      if (reads.hasUnasked()) {
        engine.read(now, reads.begin(now), effects);
      }
      outbox.flush();
      effects.flush(host.logStage());
      boolean full = !handOver.hasRoom();
      handOver.run(apply);
      if (full && handOver.hasRoom()) {
        queueFlush(); // What the full window held back goes out now.
      }
      desk.flush();
      rearm(now);
    } catch (Throwable e) {
      end(e);
    }
  }

  private void propose(long now) {
    if (leading) {
      while (leading && handOver.hasRoom() && !disk.isFull()) {
        Origin origin = intake.next(clock.leaderTime(now), epoch, stamp);
        if (origin == null) {
          return;
        }
        proposing = origin;
        engine.propose(now, origin.value, effects);
        proposing = null;
      }
    } else if (leader != 0 && peers.isUp(leader)) {
      // One hop: the leader puts them into its log, and applying them settles them here.
      courier.send(leader);
    }
  }

  /** One timer for the engine, and one for what waits, if anything does. */
  private void rearm(long now) {
    alarm.set(engine.deadline(), now);
    alarm.set(disk.deadline(now), now);
    if (!housekeeping && !(proposals.isEmpty() && reads.isEmpty())) {
      housekeeping = true;
      loop.schedule(HOUSEKEEPING_NANOS, this::keepHouse);
    }
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

  /** What waits too long fails; what seems lost is tried again. */
  private void keepHouse() {
    housekeeping = false;
    guarded(
        () -> {
          long now = loop.nanoTime();
          for (Proposal late : proposals.overdue(now)) {
            ending.fail(late, Sentences.timedOut(late, leader, explainNow(), entrance));
          }
          for (Query late : reads.overdue(now)) {
            desk.fail(
                late, new QuorateException("the read was not confirmed in time: " + explainNow()));
          }
          handOver.query(apply, reads.applied(apply.progress().commandIndex()), 0);
          reads.askAgain();
          reads.askLostAgain(now);
          courier.keepHouse(now, leading || !peers.isUp(leader) ? 0 : leader);
        });
  }

  // The end

  /** Stops for good; a cause other than a close is told once, loudly. */
  void end(Throwable cause) {
    if (!ending.begin(cause)) {
      return;
    }
    boolean halted = Ending.isHalt(cause);
    if (halted) {
      boolean expected = cause instanceof QuorateException || cause instanceof StorageException;
      log.error("{}", sentences.end(cause), expected ? cause.getCause() : cause);
    }
    leading = false;
    leader = 0;
    alarm.cancel();
    QuorateException told = new QuorateException(sentences.end(cause), cause);
    intake.dropReceived();
    ending.failProposals();
    ending.refuseCalls(cause);
    List<Query> left = reads.all();
    apply.end(told);
    desk.tellAll(0, apply.progress().time());
    left.forEach(query -> desk.refuse(query, told));
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
    return leader;
  }

  Status statusNow() {
    return portrait.status(loop.nanoTime(), engine.status(), ending.cause());
  }

  String explainNow() {
    return portrait.explanation(statusNow(), leader);
  }

  /**
   * None before this replica has caught up: until then the time that it has applied may lie further
   * back than a session lives, see {@link SessionId}.
   */
  private @Nullable SessionId drawSession() {
    return !caughtUp ? null : new SessionId(apply.progress().time(), host.random().nextLong());
  }

  /** Ready is: a linearizable read that began after the start has been served. */
  private final class ReadyProbe extends Query {
    ReadyProbe() {
      super(NOTHING, loop.nanoTime() + Long.MAX_VALUE / 2, true);
    }

    @Override
    public boolean complete(byte[] value) {
      loop.execute(
          () -> {
            caughtUp = true;
            queueFlush();
          });
      ready.complete(null);
      return true;
    }
  }
}

package io.quorate.runtime;

import io.quorate.QuorateException;
import io.quorate.StateMachine;
import io.quorate.Status;
import io.quorate.runtime.Calls.Call;
import io.quorate.runtime.Calls.Proposal;
import io.quorate.runtime.Calls.Query;
import io.quorate.spi.Base;
import io.quorate.spi.Entry;
import io.quorate.spi.Loop;
import io.quorate.spi.Member;
import io.quorate.spi.Protocol;
import io.quorate.spi.StorageException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One member of one group: its engine, and all that the engine must not know.
 *
 * <p>Everything is done in the loop unless a method says otherwise. An input goes to the engine at
 * once; what it put out, and what waits to be proposed, is flushed at the end of the loop's turn.
 */
final class ReplicaLoop<M> extends ReplicaParts<M> {
  private static final Logger log = LoggerFactory.getLogger(ReplicaLoop.class);

  ReplicaLoop(
      Host host,
      Protocol<M> protocol,
      long group,
      Beginning beginning,
      StateMachine machine,
      @Nullable Bookmark bookmark) {
    super(host, protocol, group, beginning, machine, bookmark);
    baseline.restoreFound(beginning.found()); // From here on there are callbacks.
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

  @Override
  void submit(Call call) {
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
            ? Beginning.configurations(store.recovered(), base, head)
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

  @Override
  void queueFlush() {
    turn.queueFlush();
  }

  @Override
  public boolean hasEnded() {
    return ending.hasBegun();
  }

  // The end

  @Override
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

  @Override
  Status statusNow() {
    return portrait.status(loop.nanoTime(), engine.status(), ending.cause());
  }

  @Override
  String explainNow() {
    return portrait.explanation(statusNow(), leadership.member());
  }

  @Override
  @Nullable SessionId drawSession() {
    return readiness.drawSession(apply.progress().time());
  }
}

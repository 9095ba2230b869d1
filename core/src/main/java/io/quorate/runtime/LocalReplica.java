package io.quorate.runtime;

import io.quorate.QuorateException;
import io.quorate.ReadMode;
import io.quorate.Replica;
import io.quorate.Reply;
import io.quorate.Status;
import io.quorate.runtime.Calls.Query;
import io.quorate.spi.Loop;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** The callers' side of a replica of this process. */
public final class LocalReplica implements Replica {
  private static final long LOOK_SECONDS = 5;

  private final Host host;
  private final ReplicaLoop<?> replica;
  private final Loop loop;
  private final CompletableFuture<Void> torn = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private boolean closing;

  LocalReplica(Host host, ReplicaLoop<?> replica) {
    this.host = host;
    this.replica = replica;
    loop = replica.loop();
  }

  @Override
  public CompletableFuture<Reply> propose(byte[] command) {
    return replica.entrance.propose(command, host.timeoutNanos());
  }

  @Override
  public CompletableFuture<Reply> propose(byte[] command, Duration timeout) {
    return replica.entrance.propose(
        command, Durations.timeoutNanos("a proposal's timeout", timeout));
  }

  @Override
  public CompletableFuture<byte[]> query(byte[] question, ReadMode mode) {
    return query(question, mode, host.timeoutNanos());
  }

  @Override
  public CompletableFuture<byte[]> query(byte[] question, ReadMode mode, Duration timeout) {
    return query(question, mode, Durations.timeoutNanos("a query's timeout", timeout));
  }

  @Override
  public CompletableFuture<byte[]> queryStale(byte[] question, Duration maxAge) {
    long age = Durations.ageNanos(maxAge);
    return replica.entrance.ask(
        new Query(question, replica.entrance.deadline(host.timeoutNanos()), age));
  }

  private CompletableFuture<byte[]> query(byte[] question, ReadMode mode, long timeoutNanos) {
    Query query = new Query(question, replica.entrance.deadline(timeoutNanos), mode);
    boolean answered = mode == ReadMode.LEASE && replica.answer(query);
    return answered ? query : replica.entrance.ask(query);
  }

  @Override
  public CompletableFuture<Void> ready() {
    return replica.ready.copy();
  }

  @Override
  public CompletableFuture<Void> closed() {
    return replica.closed.copy();
  }

  @Override
  public Status status() {
    return look(replica::statusNow);
  }

  @Override
  public String explain() {
    return look(replica::explainNow);
  }

  private <T> T look(Supplier<T> view) {
    if (loop.inLoop()) {
      return view.get();
    }
    CompletableFuture<T> seen = new CompletableFuture<>();
    synchronized (this) {
      if (closing) {
        return afterTheEnd(view);
      }
      loop.execute(() -> seen.complete(view.get()));
    }
    try {
      return seen.get(LOOK_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      throw new QuorateException(
          "the replica's loop did not answer within " + LOOK_SECONDS + " s: is it overloaded?", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new QuorateException("interrupted while waiting for the replica's loop", e);
    }
  }

  /** Not after the tear-down: that may wait for this very thread, when a callback asks. */
  private <T> T afterTheEnd(Supplier<T> view) {
    ended.join();
    return view.get();
  }

  /**
   * Has a leader hand over and ends the replica in its loop, so that every pending future is
   * settled, then takes it apart on a thread of its own: closing from a callback must not wait for
   * the callback's own thread.
   */
  @Override
  public void close() {
    synchronized (this) {
      if (!closing) {
        closing = true;
        loop.execute(() -> replica.close(() -> ended.complete(null)));
        Thread teardown = new Thread(this::tearDown, "quorate-close");
        teardown.setDaemon(true);
        teardown.start();
      }
    }
    if (!loop.inLoop() && !Thread.currentThread().getName().startsWith("quorate-")) {
      torn.join();
    }
  }

  private void tearDown() {
    try {
      ended.join();
      host.stop();
    } finally {
      torn.complete(null);
      replica.closed.complete(null);
    }
  }

  /** The first half of {@link #close}: until the replica has ended. For the simulator. */
  public void closeInLoop(Runnable then) {
    loop.execute(() -> replica.close(then));
  }

  /** Has leadership handed to a member, if this one leads; for the simulator. */
  public void transferInLoop(int target) {
    loop.execute(() -> replica.transfer(target));
  }

  /** As {@link #status}, in-loop; for the simulator, which has no other thread to wait with. */
  public Status statusInLoop() {
    return replica.statusNow();
  }

  /** Who leads, as this replica knows, or 0; in-loop, for the simulator, which asks often. */
  public int leaderInLoop() {
    return replica.leader();
  }
}

package io.quorate.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.CommandRejectedException;
import io.quorate.NotLeaderException;
import io.quorate.OverloadedException;
import io.quorate.Reply;
import io.quorate.SessionExpiredException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** What became of a simulated call; pending at first, and for as long as nobody runs the sim. */
public final class Outcome {
  private enum State {
    PENDING,
    ACKNOWLEDGED,
    REJECTED,
    REFUSED,
    UNKNOWN
  }

  private final Sim sim;
  private final String caller;
  private final String what;
  private final byte[] input;
  private final boolean read;
  private final long began;
  private long ended = Long.MAX_VALUE;
  private State state = State.PENDING;
  private @Nullable Reply reply;
  private @Nullable Throwable failure;

  /** A call that begins now. */
  Outcome(Sim sim, String caller, boolean read, byte[] input, String what) {
    this.sim = sim;
    this.caller = caller;
    this.what = what;
    this.input = input.clone();
    this.read = read;
    began = sim.nextOrder();
  }

  /** Who called: a member's process or a client. */
  public String caller() {
    return caller;
  }

  /** Whether it is a question, not a command. */
  public boolean isRead() {
    return read;
  }

  /** The command or question; a copy. */
  public byte[] input() {
    return input.clone();
  }

  /** When it began, as a number in the order of all beginnings and ends. */
  public long began() {
    return began;
  }

  /** When it ended, likewise; {@link Long#MAX_VALUE} if it has not. */
  public long ended() {
    return ended;
  }

  /** Nobody knows yet. */
  public boolean isPending() {
    return state == State.PENDING;
  }

  /** The caller has its reply. */
  public boolean isAcknowledged() {
    return state == State.ACKNOWLEDGED;
  }

  /** The state machine has said no. */
  public boolean isRejected() {
    return state == State.REJECTED;
  }

  /** Certainly not applied. */
  public boolean isRefused() {
    return state == State.REFUSED;
  }

  /** Maybe applied: the caller was told so, or its replica has crashed. */
  public boolean isUnknown() {
    return state == State.UNKNOWN;
  }

  /** The caller has no reply, and knows that it may not assume anything, or is still waiting. */
  public boolean isUnknownOrRefused() {
    return isUnknown() || isRefused() || isPending();
  }

  /** The reply as text; fails if there is none. */
  public String reply() {
    return new String(acknowledged().value(), UTF_8);
  }

  /** The command's index, or how many commands a read has seen; fails if there is no reply. */
  public long index() {
    return acknowledged().index();
  }

  /** What the call failed with; null if it did not, or its replica crashed. */
  public @Nullable Throwable failure() {
    return failure;
  }

  /** Runs the simulation until the call is acknowledged; fails if it ends otherwise. */
  public Outcome awaitCommitted() {
    awaitEnd();
    acknowledged();
    return this;
  }

  /** Runs the simulation until the call is answered, be it with a no of the state machine. */
  void awaitServed() {
    awaitEnd();
    if (!isRejected()) {
      acknowledged();
    }
  }

  /** Runs the simulation until the call has ended; returns what it failed with, if it did. */
  @Nullable Throwable awaitEnd() {
    sim.runUntil(() -> !isPending(), caller + " " + what + " is settled");
    return failure;
  }

  private Reply acknowledged() {
    if (reply == null) {
      throw new SimFailure("IC21 Liveness: " + this + " has no reply", failure);
    }
    return reply;
  }

  boolean settle(Reply with) {
    if (!isPending()) {
      return false;
    }
    ended = sim.nextOrder();
    state = State.ACKNOWLEDGED;
    reply = with;
    return true;
  }

  boolean fail(Throwable thrown) {
    if (!isPending()) {
      return false;
    }
    ended = sim.nextOrder();
    Throwable cause =
        thrown instanceof CompletionException wrapped && wrapped.getCause() != null
            ? wrapped.getCause()
            : thrown;
    failure = cause;
    if (cause instanceof CommandRejectedException) {
      state = State.REJECTED;
    } else if (cause instanceof NotLeaderException
        || cause instanceof OverloadedException
        || (cause instanceof SessionExpiredException expired && !expired.isMaybeApplied())) {
      state = State.REFUSED;
    } else {
      state = State.UNKNOWN;
    }
    return true;
  }

  /** The caller's process is gone. */
  void crash() {
    if (isPending()) {
      ended = sim.nextOrder();
      state = State.UNKNOWN;
    }
  }

  @Override
  public String toString() {
    return caller
        + " "
        + what
        + ": "
        + state
        + (failure == null ? "" : " (" + failure.getMessage() + ")");
  }
}

package io.quorate.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.CommandRejectedException;
import io.quorate.NotLeaderException;
import io.quorate.OverloadedException;
import io.quorate.Reply;
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
  private final String what;
  private State state = State.PENDING;
  private @Nullable Reply reply;
  private @Nullable Throwable failure;

  Outcome(Sim sim, String what) {
    this.sim = sim;
    this.what = what;
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
    sim.runUntil(() -> !isPending(), what + " is settled");
    acknowledged();
    return this;
  }

  private Reply acknowledged() {
    if (reply == null) {
      throw new AssertionError(this + " has no reply", failure);
    }
    return reply;
  }

  boolean settle(Reply with) {
    if (!isPending()) {
      return false;
    }
    state = State.ACKNOWLEDGED;
    reply = with;
    return true;
  }

  boolean fail(Throwable thrown) {
    if (!isPending()) {
      return false;
    }
    Throwable cause =
        thrown instanceof CompletionException wrapped && wrapped.getCause() != null
            ? wrapped.getCause()
            : thrown;
    failure = cause;
    if (cause instanceof CommandRejectedException) {
      state = State.REJECTED;
    } else if (cause instanceof NotLeaderException || cause instanceof OverloadedException) {
      state = State.REFUSED;
    } else {
      state = State.UNKNOWN;
    }
    return true;
  }

  /** The caller's process is gone. */
  void crash() {
    if (isPending()) {
      state = State.UNKNOWN;
    }
  }

  @Override
  public String toString() {
    return what + ": " + state + (failure == null ? "" : " (" + failure.getMessage() + ")");
  }
}

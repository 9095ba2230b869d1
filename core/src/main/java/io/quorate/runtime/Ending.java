package io.quorate.runtime;

import io.quorate.QuorateException;
import io.quorate.runtime.Calls.Call;
import io.quorate.runtime.Calls.Proposal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * How a replica ends: once, for good, and with an answer to every caller whose call is left. Loop
 * only, unless a method says otherwise.
 */
final class Ending {
  private final Sentences sentences;
  private final Admission admission;
  private final Mailbox<Call> mailbox;
  private final Proposals proposals;
  private final Executor background;
  private volatile @Nullable Throwable cause;

  /** With the background's executor: what is chained to a future is user code. */
  Ending(
      Sentences sentences,
      Admission admission,
      Mailbox<Call> mailbox,
      Proposals proposals,
      Executor background) {
    this.sentences = sentences;
    this.admission = admission;
    this.mailbox = mailbox;
    this.proposals = proposals;
    this.background = background;
  }

  /** Why the replica has ended; null while it has not. Any thread. */
  @Nullable Throwable cause() {
    return cause;
  }

  /** Any thread. */
  boolean hasBegun() {
    return cause != null;
  }

  /** From here on calls are refused; false if that was so already. */
  boolean begin(Throwable why) {
    if (cause != null) {
      return false;
    }
    cause = why;
    return true;
  }

  /** Whether the replica ends by itself, and not because its owner closes it. */
  static boolean isHalt(Throwable why) {
    return !(why instanceof Sentences.ClosedException);
  }

  /**
   * After a call was put into the mailbox: the loop may be closed and take nothing more. Any
   * thread.
   */
  void refuseLateCalls() {
    Throwable why = cause;
    if (why != null) {
      refuseCalls(why, Runnable::run);
    }
  }

  /**
   * Fails all that waits outside the engine; again, if something came back from the apply stage.
   */
  void failProposals() {
    Throwable why = cause;
    if (why == null) {
      return;
    }
    for (Proposal left = proposals.any(); left != null; left = proposals.any()) {
      fail(left, sentences.abandoned(left, why));
    }
  }

  /** Fails the calls that the loop has not taken. */
  void refuseCalls(Throwable why) {
    refuseCalls(why, background);
  }

  private void refuseCalls(Throwable why, Executor settling) {
    for (Call call = mailbox.takeAll(); call != null; ) {
      Call next = call.next();
      Call refused = call;
      admission.release(refused.length());
      settling.execute(() -> refused.fail(sentences.abandoned(refused, why)));
      call = next;
    }
  }

  /** Not in the loop. */
  void fail(Call call, QuorateException with) {
    background.execute(() -> call.fail(with));
  }

  /** The last thing: tells whoever waits for the replica itself. */
  void announce(
      QuorateException told,
      boolean halted,
      CompletableFuture<Void> ready,
      CompletableFuture<Void> closed) {
    background.execute(
        () -> {
          ready.completeExceptionally(told);
          if (halted) {
            closed.completeExceptionally(told);
          }
        });
  }
}

package io.quorate.runtime;

import io.quorate.OutcomeUnknownException;
import io.quorate.Reply;
import io.quorate.runtime.Calls.Call;
import io.quorate.runtime.Calls.Proposal;
import io.quorate.runtime.Calls.Query;
import io.quorate.runtime.Calls.Retry;
import io.quorate.runtime.Calls.Unresolved;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Where calls of this process come in: each is checked, admitted or refused, at once. Any thread.
 */
final class Entrance {
  private final Admission admission;
  private final LongSupplier clock;
  private final Consumer<Call> taker;

  /**
   * Lets calls in.
   *
   * @param clock monotonic nanoseconds, for deadlines
   * @param taker takes what is let in; any thread
   */
  Entrance(Admission admission, LongSupplier clock, Consumer<Call> taker) {
    this.admission = admission;
    this.clock = clock;
    this.taker = taker;
  }

  /** When a call is over that begins now. */
  long deadline(long timeoutNanos) {
    return clock.getAsLong() + timeoutNanos;
  }

  CompletableFuture<Reply> propose(byte[] command, long timeoutNanos) {
    if (command.length > Batch.COMMAND_BYTES_MAX) {
      return CompletableFuture.failedFuture(Sentences.tooLong(command));
    }
    if (!admission.admitCommand(command.length)) {
      return CompletableFuture.failedFuture(admission.commandRefusal().exception());
    }
    Proposal proposal = new Proposal(command, deadline(timeoutNanos));
    taker.accept(proposal);
    return proposal;
  }

  /** Not to be let in says nothing of what has become of the command before. */
  CompletableFuture<Reply> retry(Unresolved of, Duration timeout) {
    Retry retry = new Retry(of, deadline(Durations.timeoutNanos("a retry's timeout", timeout)));
    if (admission.admitCommand(retry.length())) {
      taker.accept(retry);
    } else {
      retry.fail(
          new OutcomeUnknownException(admission.commandRefusal().why(), again -> retry(of, again)));
    }
    return retry;
  }

  CompletableFuture<byte[]> ask(Query query) {
    if (query.length() > Batch.COMMAND_BYTES_MAX) {
      query.fail(Sentences.questionTooLong(query.length()));
    } else if (!admission.admit(query.length())) {
      query.fail(Admission.LOAD.exception());
    } else {
      taker.accept(query);
    }
    return query;
  }
}

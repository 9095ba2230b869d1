package io.quorate.runtime;

import io.quorate.StateMachine;
import io.quorate.runtime.Calls.Query;

/**
 * Answers reads on the caller's thread, where the state machine allows that and the lease holds.
 * Any thread.
 */
final class DirectReads {
  private final StateMachine machine;
  private final boolean allowed;
  private final LeaseDesk lease;
  private final ApplyStage apply;

  DirectReads(StateMachine machine, LeaseDesk lease, ApplyStage apply) {
    this.machine = machine;
    allowed = machine.answersConcurrently();
    this.lease = lease;
    this.apply = apply;
  }

  /** Settles the query, if it can be answered at once. */
  boolean answer(Query query) {
    boolean serves =
        allowed
            && query.length() <= Batch.COMMAND_BYTES_MAX
            && lease.holds()
            && apply.progress().entryIndex() >= lease.commit(); // Looked up behind the clocks.
    if (!serves) {
      return false;
    }
    try {
      query.complete(machine.query(query.question));
    } catch (Throwable e) {
      query.fail(e);
    }
    return true;
  }
}

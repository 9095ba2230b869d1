package io.quorate.testkit;

import io.quorate.DurableStateMachine;
import io.quorate.testkit.invariants.Determinism;
import io.quorate.testkit.invariants.Ledger;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The same, which keeps its state: what was committed is there at the next start. */
final class KeptMachine extends RecordedMachine implements DurableStateMachine {
  private final Store store;

  /** What outlives the process. A commit is durable at once, whatever the log's disk does. */
  static final class Store {
    private byte @Nullable [] state;
    private byte @Nullable [] bookmark;

    /** Another that holds the same. */
    Store copy() {
      Store copy = new Store();
      copy.state = state;
      copy.bookmark = bookmark;
      return copy;
    }
  }

  KeptMachine(Determinism determinism, Ledger ledger, int member, boolean concurrent, Store store) {
    super(determinism, ledger, member, concurrent);
    this.store = store;
  }

  @Override
  public byte @Nullable [] open() throws IOException {
    if (store.state != null) {
      restore(new ByteArrayInputStream(store.state));
    }
    return store.bookmark;
  }

  @Override
  public void commit(byte[] bookmark) throws IOException {
    ByteArrayOutputStream state = new ByteArrayOutputStream();
    snapshot(state);
    store.state = state.toByteArray();
    store.bookmark = bookmark;
  }
}

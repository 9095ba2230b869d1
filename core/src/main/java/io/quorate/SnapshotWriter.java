package io.quorate;

import java.io.IOException;
import java.io.OutputStream;

/** Writes a state that {@link StateMachine#capture} has captured. */
@FunctionalInterface
public interface SnapshotWriter {
  /**
   * Writes the state as it was when it was captured, in the form that {@link StateMachine#restore}
   * reads. Runs once, on another thread than the state machine, which goes on meanwhile.
   */
  void write(OutputStream out) throws IOException;
}

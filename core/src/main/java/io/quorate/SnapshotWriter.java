package io.quorate;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes a state that {@link StateMachine#capture} has captured.
 *
 * <p><b>Threads.</b> Runs once, on the snapshot thread, while the state machine goes on.
 *
 * <p><b>Errors.</b> If it throws, the snapshot is given up and tried again later.
 */
@FunctionalInterface
public interface SnapshotWriter {
  /**
   * Writes the state as it was when it was captured, in the form that {@link StateMachine#restore}
   * reads.
   */
  void write(OutputStream out) throws IOException;
}

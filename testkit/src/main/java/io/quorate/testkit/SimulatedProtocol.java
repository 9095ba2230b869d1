package io.quorate.testkit;

import io.quorate.StateMachine;
import io.quorate.spi.Protocol;

/**
 * What the scenarios or seeds of a test class run: the class implements it.
 *
 * @param <M> the engine's messages
 */
public interface SimulatedProtocol<M> {
  /** The protocol; with an election timeout of one second. */
  Protocol<M> protocol();

  /** Tells what the protocol's messages claim to be on disk. */
  Witness<M> witness();

  /** The state machine of each start of a replica; one that counts if this is not overridden. */
  default StateMachine machine() {
    return new Counting();
  }
}

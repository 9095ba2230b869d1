package io.quorate.examples.durability;

import io.quorate.Command;
import io.quorate.StateMachine;
import java.io.InputStream;
import java.io.OutputStream;

/** A state machine without state, so that only the way of a command is seen. */
final class Nothing implements StateMachine {
  @Override
  public byte[] apply(Command command) {
    return new byte[0];
  }

  @Override
  public void snapshot(OutputStream out) {}

  @Override
  public void restore(InputStream in) {}
}

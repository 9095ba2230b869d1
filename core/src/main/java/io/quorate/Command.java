package io.quorate;

import java.nio.ByteBuffer;

/**
 * One command as {@link StateMachine#apply} sees it.
 *
 * <p><b>Threads.</b> The apply thread only, and only during that call.
 */
public interface Command {
  /**
   * The command's number: advances by exactly one with each call of {@link StateMachine#apply}, is
   * equal on all replicas, never repeats. Good as a fencing token.
   */
  long index();

  /**
   * Nanoseconds of cluster time: the same on all replicas, never goes back, stands still while the
   * group has no leader. Not a wall clock; good for leases and expiry inside the state machine.
   */
  long time();

  /** The session that the command came in, as text; equal on all replicas. */
  String session();

  /** How many bytes. */
  int length();

  /** A copy of the bytes. */
  byte[] bytes();

  /** A read-only view with a cursor of its own, big endian; not to be kept after the call. */
  ByteBuffer buffer();
}

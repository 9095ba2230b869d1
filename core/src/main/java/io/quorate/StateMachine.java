package io.quorate;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The user's service. Each replica of a group feeds its own instance with the same commands in the
 * same order, so the instance must be deterministic: the same commands give the same replies and
 * the same state everywhere. No wall clock ({@link Command#time()} instead), no randomness, no
 * iteration order that a hash decides.
 *
 * <p><b>Threads.</b> One apply thread calls all methods of an instance, one call at a time; no lock
 * is needed, but for {@link #answersConcurrently}. They may take their time: the protocol does not
 * wait for them, though later commands do.
 *
 * <p><b>Durability.</b> A command that reaches {@link #apply} is durable on a majority. After a
 * restart the library restores the newest snapshot and replays the log behind it, so the state may
 * live in memory only.
 *
 * <p><b>Bounds.</b> A command has at most 1 MiB, and so has a reply; replies are kept for retries,
 * so small is good. An answer to a client has at most 3 MiB.
 *
 * <p><b>Errors.</b> {@link CommandRejectedException} is an answer like any other. Whatever else
 * {@link #apply} throws halts the group on this replica; what {@link #query} throws fails that
 * query alone.
 */
public interface StateMachine {
  /**
   * Applies one command. Called exactly once for each command of a session, however often it was
   * retried.
   *
   * @param command valid during this call only
   * @return the reply, at most 1 MiB; it is also kept for retries, so small is good
   * @throws CommandRejectedException before any change, to refuse the command: a deterministic
   *     reply like any other. Any other throwable halts the group on this replica, because the
   *     replicas could no longer be known to agree.
   */
  byte[] apply(Command command);

  /**
   * Answers a read-only question from the state as it is. Changes nothing.
   *
   * @throws UnsupportedOperationException by default: this machine answers no queries
   */
  default byte[] query(byte[] question) {
    throw new UnsupportedOperationException(
        getClass().getName() + " answers no queries: override StateMachine.query");
  }

  /**
   * Whether {@link #query} may be called by any thread while any other method runs, {@link
   * #restore} and another query among them; false by default. Each answer has to be that of one
   * state between two commands, or before or behind a restore; one of {@link #restore} half done is
   * none. Then reads with {@link ReadMode#LEASE} are answered on the caller's thread as a rule, at
   * once, and many at a time; they may still be under way when {@link Replica#close} returns. Asked
   * once.
   */
  default boolean answersConcurrently() {
    return false;
  }

  /**
   * Writes the whole state. Commands wait meanwhile; a machine whose state takes long to write
   * overrides {@link #capture} as well. If it throws, the snapshot is given up and tried again
   * later.
   */
  void snapshot(OutputStream out) throws IOException;

  /**
   * Captures the whole state, cheaply, so that it can be written while commands go on: a reference
   * to a persistent structure, a copy, a transaction of a store. Null, as by default: {@link
   * #snapshot} is called instead.
   */
  default @Nullable SnapshotWriter capture() {
    return null;
  }

  /**
   * Replaces the whole state by one that {@link #snapshot} or a {@link SnapshotWriter} wrote. What
   * it does not read is skipped. If it throws, the replica halts.
   */
  void restore(InputStream in) throws IOException;
}

package io.quorate;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A state machine that keeps its state in a store of its own, which outlives the process: a file, a
 * database. At a start it goes on from what it has kept; only the commands behind that are applied
 * again, and none twice.
 *
 * <p>For that it stores with its state a <b>bookmark</b> of the library's, which says how far the
 * state has come and which commands were applied. What {@link #apply} and {@link #restore} change
 * belongs to a transaction, which {@link #commit} ends: changes and bookmark become durable
 * together, or not at all.
 *
 * <pre>{@code
 * byte[] apply(Command command)  { return transaction.execute(command); }
 * void commit(byte[] bookmark)   { transaction.put("bookmark", bookmark); transaction.commit(); }
 * byte[] open()                  { return store.get("bookmark"); } // Null at first.
 * }</pre>
 *
 * <p><b>Threads.</b> {@link #open} is called by the thread that starts the replica, before anything
 * else; all other methods by the apply thread.
 *
 * <p><b>Durability.</b> What {@link #apply} gets is durable in this replica's log, so the state
 * never runs ahead of the log. After a crash the state is as the last {@link #commit} left it. What
 * was applied since is applied again, from the log.
 *
 * <p><b>Bounds.</b> A commit comes after 1 MiB of entries at the earliest, or four times the size
 * of the last bookmark, which has the session table in it: some bytes for each session, and its
 * replies that are kept. And before each snapshot.
 *
 * <p><b>Errors.</b> What {@link #open} throws fails the start; what {@link #commit} throws halts
 * the replica, as with {@link #apply}. A start is refused where store and log do not belong
 * together: of two clusters, or a log that lacks what the state includes.
 */
public interface DurableStateMachine extends StateMachine {
  /**
   * Opens the store, as the last {@link #commit} has left it.
   *
   * @return the bookmark that was stored with it; null if none ever was, and the state is empty
   */
  byte @Nullable [] open() throws IOException;

  /**
   * Makes durable what was applied or restored since the last commit, and the bookmark, atomically.
   *
   * @param bookmark to be stored as it is, in place of the last one
   */
  void commit(byte[] bookmark) throws IOException;
}

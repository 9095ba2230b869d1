package io.quorate;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What an operator asks of a cluster, over the connections of a client; see {@link Client#admin}.
 *
 * <p><b>Threads.</b> All methods may be called by any thread, and none blocks. Futures complete on
 * the client's loop: what is chained to them must not block, or take an executor.
 *
 * <p><b>Durability.</b> A future that completes normally tells of what has happened, not of what
 * was only begun.
 *
 * <p><b>Bounds.</b> Calls count as queries of the client, which has the timeout and the most of
 * those that wait. A member that refuses commands because too much waits answers these all the
 * same.
 *
 * <p><b>Errors.</b> Futures fail with {@link UnsupportedByEngineException} for what the group's
 * engine cannot do yet (members, in this version), with {@link OverloadedException}, {@link
 * TransferFailedException}, and with {@link QuorateException} if nobody answered in time, saying
 * who is connected and who refuses the connection, and why.
 */
public interface Admin {
  /**
   * A member's own view of itself and the group. A member that has halted answers too, with the
   * cause among its findings.
   *
   * @throws IllegalArgumentException if the client was started for a cluster without that member
   */
  CompletableFuture<Status> status(int member);

  /** The members, as the leader has them. */
  CompletableFuture<List<Status.Member>> members();

  /**
   * Makes that member the leader; completes once it leads, also if it did before. Meanwhile
   * commands wait: for a few milliseconds as a rule, for an election timeout at most.
   *
   * <p>Fails with {@link TransferFailedException} if the member has no vote, is away, lacks more
   * than a leader has in flight, or did not take over within an election timeout; then the leader
   * goes on.
   */
  CompletableFuture<Void> transfer(int member);

  /**
   * Has that member take a snapshot that includes all that it has applied when it is asked, and
   * tells what it holds once it is durable. However long that takes: as long as the member answers,
   * the client asks again. Fails with what has kept it from being written.
   */
  CompletableFuture<SnapshotInfo> snapshot(int member);

  /**
   * Has that member write a backup of the group while it goes on, and tells what it holds once it
   * is durable; {@link Backup} says what can be made of it. It includes all that the member has
   * applied when it is asked: of a follower that is behind, less. Takes as long as {@link
   * #snapshot} and as copying the snapshot takes, at the pace at which snapshots are sent.
   *
   * <p>Fails, and writes nothing, where the directory is not empty, or while the member writes
   * another backup. Of a backup that was not finished nothing is left, or a file that the next one
   * deletes.
   *
   * @param directory a path on the member's host; created if it is not there
   */
  CompletableFuture<SnapshotInfo> backup(int member, String directory);

  /**
   * Adds a voter, once it has caught up.
   *
   * @param address {@code host:port}
   */
  CompletableFuture<Void> add(int member, String address);

  /** Removes a voter. */
  CompletableFuture<Void> remove(int member);

  /**
   * Puts a new incarnation in the place of a member whose disk was lost.
   *
   * @param address {@code host:port}
   */
  CompletableFuture<Void> replace(int member, String address);
}

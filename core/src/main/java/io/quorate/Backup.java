package io.quorate;

import io.quorate.runtime.Restoring;
import io.quorate.spi.Log;
import java.security.SecureRandom;
import java.util.UUID;

/**
 * A backup that {@link Admin#backup} has written, and what can be made of it while nobody runs:
 * another cluster, or a replica that need not get all of its state over the network.
 *
 * <pre>{@code
 * Backup backup = Backup.at("/backups/monday");
 * FileLog data = FileLog.at(Path.of("data", "1"));
 * SnapshotInfo held = backup.verify(data);
 * backup.restore(data, 1, UUID.randomUUID(), 0);
 * }</pre>
 *
 * <p><b>Threads.</b> Any: it is immutable. All methods block the caller, for as long as it takes to
 * read the backup, or to copy it; the thread must not be interrupted.
 *
 * <p><b>Durability.</b> What was restored or seeded is durable on return.
 *
 * <p><b>Bounds.</b> The disk's: the state is never in memory as a whole.
 *
 * <p><b>Errors.</b> All methods throw {@link QuorateException} that says what is wrong and what to
 * do: there is no backup, it is damaged (with file and offset), another version wrote it, the
 * target holds something. A target is then as it was, or a replica without any state, which may be
 * restored again.
 */
public final class Backup {
  private final String directory;

  private Backup(String directory) {
    this.directory = directory;
  }

  /** The backup in a directory. Nothing is touched before something is asked. */
  public static Backup at(String directory) {
    return new Backup(directory);
  }

  /**
   * Compares each byte with its checksums and the whole with its digest, and changes nothing.
   *
   * @param log any on the same kind of disk; it is not opened
   */
  public SnapshotInfo verify(Log log) {
    return Restoring.verify(log, directory);
  }

  /**
   * Makes an empty log one of a member that founds another cluster, which begins with the state of
   * the backup. To be done for each of its members, with the same backup and the same numbers; then
   * all are started. They may be others than those of the old cluster, and run another protocol.
   *
   * <p>The command index goes on at a number that no command of the old cluster can have had: 2^40
   * above that of the backup, or above {@code above} if that is greater. So a fencing token that
   * the old cluster has issued since the backup is never issued again.
   *
   * @param into where the member keeps its log
   * @param clusterId of the new cluster: a random one, the same for all members, never used before
   * @param above the greatest command index that was ever seen of the old cluster, or of another
   *     one that was restored from the same backup; 0 if none was restored before
   * @return what the member begins with
   */
  public SnapshotInfo restore(Log into, int member, UUID clusterId, long above) {
    return Restoring.restore(into, directory, member, clusterId, above, new SecureRandom());
  }

  /**
   * Brings the state of the backup to a replica of the same cluster, which is down: one that is far
   * behind, or a new one that has nothing. When it is started it gets the rest from the others.
   *
   * @param into where the replica keeps its log
   * @return what the replica has now
   */
  public SnapshotInfo seed(Log into, int member) {
    return Restoring.seed(into, directory, member);
  }

  @Override
  public String toString() {
    return "backup in " + directory;
  }
}

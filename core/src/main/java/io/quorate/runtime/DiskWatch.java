package io.quorate.runtime;

import io.quorate.spi.Engine;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Watches, from outside of the log thread, whether the disk answers. Loop only. */
/* A call of the disk that does not return holds the log thread, and nothing else: heartbeats would
 * go out for ever in the name of a leader that can write nothing (D6). So the loop looks how long
 * the log has been silent whenever it has something to do, and at the latest when the limit is
 * over. The limit is half an election timeout: a leader that takes longer than that for a write is
 * about to be of no more use than one that is not heard.
 */
final class DiskWatch {
  private static final Logger log = LoggerFactory.getLogger(DiskWatch.class);

  private final int member;
  private final boolean alone;
  private final LogStage stage;
  private final long limitNanos;
  private long silentNanos;
  private boolean silent;

  /**
   * Of a disk that works.
   *
   * @param members how many there are; one that is alone has nobody to give way to
   */
  DiskWatch(int member, int members, LogStage stage, long electionTimeoutNanos) {
    this.member = member;
    alone = members == 1;
    this.stage = stage;
    limitNanos = electionTimeoutNanos / 2;
  }

  /** Looks; whether this replica has to give way is then another answer, or the same. */
  void look(long now) {
    long before = silentNanos;
    silentNanos = stage.silentNanos(now);
    boolean exceeded = silentNanos >= limitNanos;
    if (exceeded && !silent) {
      log.warn(
          "member {}: the disk has not answered for {} ms; no leader until it does: look at it",
          member,
          silentNanos / 1_000_000);
    } else if (silent && !exceeded) {
      log.info("member {}: the disk answers again, after {} ms", member, before / 1_000_000);
    }
    silent = exceeded;
  }

  /** Whether this replica must not lead, as {@link Engine#storageStalled} says. */
  boolean isStalled() {
    return silent && !alone;
  }

  /** When to look at the latest, or {@link Engine#NEVER}. */
  long deadline(long now) {
    long owed = stage.silentNanos(now);
    return owed == 0 || silent ? Engine.NEVER : now + Math.max(0, limitNanos - owed);
  }

  void findings(long now, List<String> findings) {
    if (silent) {
      findings.add(
          String.format(
              "the disk of member %d has not answered for %.1f s: nothing is durable here, and this"
                  + " replica does not lead, until it does; look at the disk",
              member, stage.silentNanos(now) / 1e9));
    }
  }
}

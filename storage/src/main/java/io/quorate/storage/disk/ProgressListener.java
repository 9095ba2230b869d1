package io.quorate.storage.disk;

import org.jspecify.annotations.Nullable;

/** Hears how far something is that takes long. */
@FunctionalInterface
public interface ProgressListener {
  /** What takes long. */
  enum Phase {
    /** Reading the log when it is opened. */
    RECOVERY,
    /** Copying what is needed out of the oldest segment. */
    COMPACTION,
    /** Comparing all files of a log with their checksums. */
    VERIFICATION,
    /** Reading a backup. */
    BACKUP
  }

  /** Hears nothing. */
  ProgressListener NONE = (phase, done, total, nanos, problem) -> {};

  /**
   * So many bytes of that phase are done.
   *
   * @param nanos since the phase began
   * @param problem why it cannot go on now; null if it does
   */
  void at(Phase phase, long done, long total, long nanos, @Nullable String problem);
}

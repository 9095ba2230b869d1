package io.quorate.storage;

import io.quorate.storage.disk.ProgressListener;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How far a log has come with something that takes long; for {@link FileLog#progress} and {@link
 * LogFiles#progress}.
 *
 * @param phase what takes long
 * @param done how many bytes are done
 * @param total of so many
 * @param elapsed since the phase began
 * @param problem why it cannot go on now; null if it does. It is tried again later
 */
public record Progress(
    Phase phase, long done, long total, Duration elapsed, @Nullable String problem) {
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  /** What takes long. */
  public enum Phase {
    /** Reading the log when it is opened. */
    RECOVERY,
    /** Copying what is still needed out of the oldest segment, so that its file can be deleted. */
    COMPACTION,
    /** Comparing a log that nobody uses with its checksums. */
    VERIFICATION,
    /** Reading a backup: to compare it with its checksums, and once more to copy it. */
    BACKUP
  }

  /** What tells a listener of ours. */
  static ProgressListener telling(Consumer<Progress> listener) {
    return (phase, done, total, nanos, problem) ->
        listener.accept(
            new Progress(
                Phase.valueOf(phase.name()), done, total, Duration.ofNanos(nanos), problem));
  }

  /** Bytes per second so far; 0 if that cannot be said yet. */
  public long rate() {
    long nanos = elapsed.toNanos();
    return nanos <= 0 ? 0 : (long) ((double) done * NANOS_PER_SECOND / nanos);
  }

  /** How long the rest takes at that rate; null if that cannot be said yet. */
  public @Nullable Duration timeLeft() {
    if (done <= 0) {
      return null;
    }
    double perByte = (double) elapsed.toNanos() / done;
    return Duration.ofNanos((long) (perByte * Math.max(0, total - done)));
  }
}

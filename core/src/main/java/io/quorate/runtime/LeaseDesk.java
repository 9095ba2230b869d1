package io.quorate.runtime;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What this replica may answer alone while it leads: until when, and what has to be applied for it.
 * The loop writes it, any thread reads it.
 */
/* A read asks whether the lease holds by clocks that it reads itself, after it was asked for, and only
 * then what is committed: until the clocks were read nobody else had announced anything, so all that
 * was acknowledged before stands at or below that index. What comes later need not be seen.
 *
 * The monotonic clock stands still while the machine is suspended, the wall clock does not. So the
 * wall clock may end a lease, by as much as it has run ahead since the round of reads was sent, and
 * never makes one longer. How far it was ahead then is not known, but how far at an earlier moment is.
 */
final class LeaseDesk {
  /** How far the wall clock was ahead of the monotonic one at a moment of the latter. */
  private record Mark(long at, long ahead) {}

  private record Lease(long until, long ahead) {}

  private final LongSupplier nanos;
  private final LongSupplier wallNanos;
  private @Nullable Mark older;
  private @Nullable Mark newer;
  private volatile @Nullable Lease lease;
  private volatile long commit;

  LeaseDesk(LongSupplier nanos, LongSupplier wallNanos) {
    this.nanos = nanos;
    this.wallNanos = wallNanos;
  }

  /** The engine has a lease, see {@code Effects.lease}. */
  void granted(long since, long until) {
    Mark mark = mark();
    Mark before = newer != null && newer.at - since <= 0 ? newer : older;
    if (before != null) {
      lease = new Lease(until, lesser(before.ahead, mark.ahead));
    }
    if (newer == null || newer.at - since <= 0) {
      older = newer;
      newer = mark;
    }
  }

  private Mark mark() {
    long now = nanos.getAsLong();
    return new Mark(now, wallNanos.getAsLong() - now);
  }

  /** A wall clock that was put back hides nothing. */
  private static long lesser(long one, long other) {
    return one - other < 0 ? one : other;
  }

  /** This replica leads no more, or is about to hand over. */
  void ended() {
    lease = null;
    older = null;
    newer = null;
  }

  /** Before anything that carries the index leaves. */
  void committed(long index) {
    commit = index;
  }

  /** Whether nobody else had announced anything when this was called. Any thread. */
  boolean holds() {
    Lease current = lease;
    if (current == null) {
      return false;
    }
    Mark now = mark();
    long suspended = Math.max(0, now.ahead - current.ahead);
    return now.at + suspended - current.until < 0;
  }

  /** What has to be applied for a read, if asked after {@link #holds}. Any thread. */
  long commit() {
    return commit;
  }
}

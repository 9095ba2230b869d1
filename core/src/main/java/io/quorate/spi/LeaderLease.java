package io.quorate.spi;

import java.util.List;

/**
 * What a leader may answer alone, and what its successor has to wait for: the lease of one term or
 * ballot.
 *
 * <p><b>Threads.</b> The loop thread only.
 *
 * <p><b>Bounds.</b> The last 64 rounds are remembered; one that is confirmed later than that renews
 * nothing.
 */
/* Commit protects the lease, votes and promises do not ("LeaseGuard", SIGMOD 2026; here for both
 * protocols). Somebody of the quorum that confirms a round does so before it votes for, or promises
 * to, the next leader. So until (the round was sent) + lease no later leader has been in office for
 * longer than that; it announces nothing as committed before it has, whatever it has counted. So
 * nobody has to remember a lease, and an acceptor that restarts inside one does no harm (P18, Q11).
 *
 * A lease runs from when its round was SENT (Q5). The rate of every clock lies between 1 / (1 + d) and
 * 1 + d: a slow one makes a lease longer by (1 + d), a fast one a wait shorter by as much. Only a
 * predecessor that gave its lease back, and was past its own wait then, spares its successor the
 * wait; it takes none again, or a hand-over that came to nothing and is found out late would meet one
 * (Q4).
 */
public final class LeaderLease {
  /** By how much, in thousandths, a clock may be too fast or too slow. */
  public static final int DRIFT_THOUSANDTHS = 10;

  private static final int ROUNDS = 64;
  private static final long MILLI_NANOS = 1_000_000;

  private final long nanos;
  private final long waitEnd;
  private boolean waiting;
  private boolean released;
  private final long[] rounds = new long[ROUNDS];
  private final long[] sentAt = new long[ROUNDS];
  private long confirmed;

  /**
   * The lease of a leader that has just won.
   *
   * @param millis as the configuration says; 0: no leases
   * @param wonAt when it has won, or later
   * @param spared whether no predecessor can hold one
   */
  public LeaderLease(long millis, long wonAt, boolean spared) {
    nanos = millis * MILLI_NANOS;
    waiting = nanos > 0 && !spared;
    waitEnd = waiting ? wonAt + waitNanos(nanos) : wonAt;
  }

  /** How long a successor waits: the lease times (1 + drift) squared. */
  static long waitNanos(long leaseNanos) {
    long thousandths = 1000 + DRIFT_THOUSANDTHS;
    long micros = (leaseNanos + 999) / 1000;
    return (micros * thousandths * thousandths + 999) / 1000;
  }

  /** Whether nothing may be announced as committed yet: a predecessor may answer reads still. */
  public boolean isWaiting() {
    return waiting;
  }

  /** When {@link #passes} ends the wait; only while it {@link #isWaiting}. */
  public long waitEnd() {
    return waitEnd;
  }

  /** Returns whether the wait ends by now. */
  public boolean passes(long now) {
    boolean ends = waiting && now - waitEnd >= 0;
    waiting &= !ends;
    return ends;
  }

  /** Whether rounds are wanted to keep a lease. */
  public boolean isWanted() {
    return nanos > 0 && !released;
  }

  /**
   * A round begins; it must not have been sent before {@code now}.
   *
   * @param round above all earlier ones
   */
  public void begins(long round, long now) {
    int at = (int) (round % ROUNDS);
    rounds[at] = round;
    sentAt[at] = now;
  }

  /**
   * A quorum has confirmed a round, or a later one. Not before the leader's own first entry is
   * committed: what is committed before it is not known until then.
   */
  public void confirmed(long round, Effects<?> out) {
    int at = (int) (round % ROUNDS);
    if (isWanted() && round > confirmed && rounds[at] == round) {
      confirmed = round;
      out.lease(sentAt[at], sentAt[at] + nanos);
    }
  }

  /** Says that, and for how long, nothing is served because of the wait. */
  public void findings(long now, List<String> findings) {
    if (waiting) {
      findings.add(
          String.format(
              "nothing is acknowledged for %d ms more: the leader before may answer reads by its"
                  + " lease of %d ms",
              Math.max(0, waitEnd - now) / MILLI_NANOS, nanos / MILLI_NANOS));
    }
  }

  /**
   * Gives the lease back, for good.
   *
   * @return whether that spares a direct successor its wait
   */
  public boolean release() {
    released = true;
    return !waiting;
  }
}

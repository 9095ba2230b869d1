package io.quorate.runtime;

/**
 * Names a session.
 *
 * <p>{@code born} is what makes an expired session stay expired: it is a cluster time that had
 * passed when the session was named, and a session is registered by its first command only until
 * {@code born + expiry}. A session lives at least as long, so a late copy of a command that was
 * applied can never register its session anew.
 *
 * @param born nanoseconds of cluster time
 * @param random what tells sessions born at one time apart
 */
record SessionId(long born, long random) {
  @Override
  public String toString() {
    return Long.toHexString(born) + "-" + Long.toHexString(random);
  }
}

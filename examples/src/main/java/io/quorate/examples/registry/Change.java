package io.quorate.examples.registry;

import org.jspecify.annotations.Nullable;

/**
 * A command: what is to become of a key.
 *
 * @param key at most {@link #KEY_MAX} characters
 * @param value null to remove the key
 * @param ttlMillis of cluster time, after which the key is removed unless it is set again; 0 for
 *     never
 * @param expected the index that the key must have, 0 for a key that must not be there; {@link
 *     #ANY} for no condition
 */
record Change(String key, @Nullable String value, long ttlMillis, long expected) {
  /** No condition. */
  static final long ANY = -1;

  static final int KEY_MAX = 512;
  static final int VALUE_MAX = 128 << 10;
  static final long TTL_MILLIS_MAX = 86_400_000;

  /** Removes what has expired, and nothing else. */
  static final Change SWEEP = new Change("", null, 0, ANY);

  /** Why this cannot be carried out, whatever the state; null if it can. */
  @Nullable String problem() {
    if (key.length() > KEY_MAX || (key.isEmpty() && !equals(SWEEP))) {
      return "a key has 1 to " + KEY_MAX + " characters, not " + key.length();
    }
    if (value != null && value.length() > VALUE_MAX) {
      return "a value has at most " + VALUE_MAX + " characters, not " + value.length();
    }
    if (ttlMillis < 0 || ttlMillis > TTL_MILLIS_MAX) {
      return "a time to live has 1 ms to a day, or is 0 for ever; not " + ttlMillis + " ms";
    }
    return null;
  }
}

package io.quorate.examples.registry;

/**
 * A question: the items, or what has changed.
 *
 * @param prefix that keys begin with, or the key itself
 * @param exact whether only the key of that name is meant
 * @param after {@link #NOW} for what is there; else what has changed behind that index
 */
record Question(String prefix, boolean exact, long after) {
  /** What is there. */
  static final long NOW = -1;

  boolean covers(String key) {
    return exact ? key.equals(prefix) : key.startsWith(prefix);
  }
}

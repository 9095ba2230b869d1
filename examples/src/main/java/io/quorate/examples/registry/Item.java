package io.quorate.examples.registry;

import org.jspecify.annotations.Nullable;

/**
 * A key and what it holds.
 *
 * @param value null if it was removed
 * @param index the number of the command that changed it last; the same on all replicas
 */
record Item(String key, @Nullable String value, long index) {}

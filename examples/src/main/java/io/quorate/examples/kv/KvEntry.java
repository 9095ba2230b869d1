package io.quorate.examples.kv;

import org.jspecify.annotations.Nullable;

/**
 * What the map knows of a key.
 *
 * @param key the key
 * @param value what it holds; null if it was deleted
 * @param applies how many commands have changed it so far
 */
public record KvEntry(String key, @Nullable String value, long applies) {}

/**
 * The logs that a replica can be given: start at {@link io.quorate.storage.FileLog}, which is
 * durable. docs/log-format.md says what stands on disk.
 */
@NullMarked
package io.quorate.storage;

import org.jspecify.annotations.NullMarked;

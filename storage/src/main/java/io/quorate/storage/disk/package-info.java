/**
 * The log on disk, behind {@link io.quorate.storage.FileLog}. Start at {@link
 * io.quorate.storage.disk.FileLogStore}; {@link io.quorate.storage.disk.Disk} is all that it knows
 * of the operating system, {@link io.quorate.storage.disk.Replay} reads back what was written.
 */
@NullMarked
package io.quorate.storage.disk;

import org.jspecify.annotations.NullMarked;

package io.quorate.spi;

import org.jspecify.annotations.Nullable;

/**
 * There is no room on the disk. A log throws it only where nothing is left at all: one that is
 * {@link LogStore#isFull} has still some, which it keeps for what is under way. A snapshot is
 * refused with it; what was there before is as it was.
 */
public final class DiskFullException extends StorageException {
  private static final long serialVersionUID = 1L;

  /** With the error of the operating system, if there was one. */
  public DiskFullException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}

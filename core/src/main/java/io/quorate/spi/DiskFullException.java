package io.quorate.spi;

import org.jspecify.annotations.Nullable;

/**
 * There is no room on the disk. It is thrown only where nothing is left at all: a log that is
 * {@link LogStore#isFull} has still some, which it keeps for what is under way.
 */
public final class DiskFullException extends StorageException {
  private static final long serialVersionUID = 1L;

  /** With the error of the operating system, if there was one. */
  public DiskFullException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}

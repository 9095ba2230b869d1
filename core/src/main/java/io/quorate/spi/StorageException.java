package io.quorate.spi;

import org.jspecify.annotations.Nullable;

/**
 * A log could not be opened, read, written or made durable. The message says what, why and what to
 * do. After a failed write or sync the store refuses everything until it is reopened: what the
 * operating system holds is then unknown, so a sync is never retried.
 */
public class StorageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With the error of the operating system, if there was one. */
  public StorageException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}

package io.quorate.spi;

/**
 * Describes where a host keeps its groups' logs, for {@code Replica.Builder.log}. Nothing is
 * touched before {@link #open}.
 */
public interface Log {
  /**
   * Opens the store; creates it where there is none.
   *
   * @throws StorageException saying what, why and what to do, having changed nothing, if the place
   *     cannot be used or is in use by another process
   */
  LogStore open();
}

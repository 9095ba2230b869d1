package io.quorate.spi;

/**
 * A finished snapshot is not what was written; the message names file and offset. The replica that
 * has it gets another one from the other members, if there are any.
 */
public class DamagedSnapshotException extends StorageException {
  private static final long serialVersionUID = 1L;

  private final long index;

  /** Of the snapshot behind that entry. */
  public DamagedSnapshotException(String message, long index) {
    super(message, null);
    this.index = index;
  }

  /** The last entry that the snapshot was to include. */
  public long index() {
    return index;
  }
}

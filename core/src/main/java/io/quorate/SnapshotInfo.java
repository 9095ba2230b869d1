package io.quorate;

import java.util.List;

/**
 * What a snapshot or a backup holds: the whole state of a group, as it was behind one command.
 *
 * @param clusterId of the cluster that it was taken of; hexadecimal
 * @param members the ids of the voters at that time
 * @param entryIndex the last entry of the log that it includes; 0 if a group is founded with it
 * @param commandIndex the last command that it includes, see {@link Command#index()}
 * @param bytes how large it is
 * @param digest SHA-256 of its content; hexadecimal
 */
public record SnapshotInfo(
    String clusterId,
    List<Integer> members,
    long entryIndex,
    long commandIndex,
    long bytes,
    String digest) {
  /** Copies the list. */
  public SnapshotInfo {
    members = List.copyOf(members);
  }
}

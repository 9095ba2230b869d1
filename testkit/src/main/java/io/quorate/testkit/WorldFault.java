package io.quorate.testkit;

/**
 * What can go wrong with frames, connections, processes and clocks, and what else has to happen now
 * and then; see {@link Sim#happened}.
 */
public enum WorldFault {
  /** A replica has taken a snapshot of its own state. */
  SNAPSHOT_TAKEN,
  /** A replica has got a snapshot from another. */
  SNAPSHOT_RECEIVED,
  /** A cluster was restored from a backup of this one, and went on. */
  CLUSTER_RESTORED,
  /** A frame was lost, its connection stood. */
  FRAME_LOST,
  /** A frame between members came twice. */
  FRAME_DUPLICATED,
  /** A frame overtook an earlier one of its connection. */
  FRAME_REORDERED,
  /** A frame was late because its way was slow. */
  FRAME_DELAYED,
  /** A frame was lost because its way was blocked. */
  FRAME_BLOCKED,
  /** A frame of some time ago came once more. */
  FRAME_REPLAYED,
  /** A connection that was up broke, and what was on its way was lost. */
  CONNECTION_BROKEN,
  /** A connection was reset in the middle of a frame. */
  CONNECTION_RESET,
  /** A connection for bulk broke, and the first one to that member stood. */
  BULK_BROKEN,
  /** Whoever was dialled was somebody else, and the handshake said so. */
  STRANGER_DIALLED,
  /** Nobody was there any more where a member was dialled. */
  OLD_ADDRESS_DIALLED,
  /** A member came back at another address. */
  MEMBER_MOVED,
  /** A process ended. */
  PROCESS_CRASHED,
  /** A process stood still while its clock went on. */
  PROCESS_PAUSED,
  /** A process stood still, and its clock too. */
  PROCESS_SUSPENDED,
  /** A timer went off early or late, because its clock ran fast or slow. */
  CLOCK_DRIFTED,
  /** A clock that a process reads went on by a leap. */
  CLOCK_JUMPED
}

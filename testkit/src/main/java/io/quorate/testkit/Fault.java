package io.quorate.testkit;

/**
 * What a simulated run may do to the replicas, their clients, network, clocks and disks. How often
 * each is drawn is up to {@link Faults}.
 */
public enum Fault {
  /** One loses its power, or its process. */
  CRASH(Place.PROCESS, 10),
  /** All lose their power at once. */
  CRASH_ALL(Place.PROCESS, 1),
  /** Whoever leads is cut off or loses its power, and maybe its successor as it wins. */
  LEADER(Place.PROCESS, 6),
  /** A leader is cut off with a command, its successor with its first entry; then it is back. */
  SUCCESSION(Place.PROCESS, 2),
  /** A leader's messages to one member come later than those of the next leader (five members). */
  OVERTAKEN(Place.NETWORK, 2),
  /** One stands still for a while, and its clock goes on: a long collection of garbage. */
  PAUSE(Place.PROCESS, 3),
  /** One stands still for a while, and so does its clock: a suspended machine. */
  SUSPEND(Place.PROCESS, 2),
  /** One is started again at another address; for a while its old one leads astray. */
  MOVE(Place.PROCESS, 1),
  /** All are restarted, one after the other. */
  ROLLING_RESTART(Place.PROCESS, 1),
  /** Whoever leads is told to hand over, to one or to any; the other may be down or far behind. */
  TRANSFER(Place.PROCESS, 4),
  /** One is closed as its owner would do it. */
  CLOSE(Place.PROCESS, 1),

  /** One is cut off. */
  ISOLATE(Place.NETWORK, 4),
  /** The members fall into two parts. */
  PARTITION(Place.NETWORK, 3),
  /** Two parts reach each other through one member alone. */
  BRIDGE(Place.NETWORK, 2),
  /** One is not heard, or hears nothing. */
  ONE_WAY(Place.NETWORK, 3),
  /** A connection breaks. */
  BREAK(Place.NETWORK, 6),
  /** A connection is reset in the middle of a frame. */
  RESET(Place.NETWORK, 4),
  /** One of the next parts of a snapshot to one member breaks their connection, and that alone. */
  BULK_BREAK(Place.NETWORK, 6),
  /** The ways between two members become long. */
  SLOW_LINK(Place.NETWORK, 3),
  /** A frame of an earlier time arrives again, maybe from or to an earlier life. */
  OLD_FRAME(Place.NETWORK, 4),
  /** Network, disks and threads become slow or unreliable, each as likely as not. */
  WEATHER(Place.NETWORK, 5),

  /** A clock goes too fast or too slow. */
  CLOCK_DRIFT(Place.CLOCK, 3),
  /** A clock jumps ahead. */
  CLOCK_JUMP(Place.CLOCK, 2),

  /** A disk call fails. */
  DISK_CALL(Place.DISK, 2),
  /** A sync fails. */
  DISK_SYNC(Place.DISK, 2),
  /** The power goes within a disk call. */
  DISK_POWER(Place.DISK, 4),
  /** A disk becomes slow. */
  DISK_SLOW(Place.DISK, 2),
  /** A disk does not answer for a while. */
  DISK_HUNG(Place.DISK, 2),
  /** A disk is full for a while. */
  DISK_FULL(Place.DISK, 3),
  /** A bit of an entry flips. */
  FLIPPED_ENTRY(Place.DAMAGE, 1),
  /** A bit of an entry's header flips. */
  FLIPPED_HEADER(Place.DAMAGE, 1),
  /** A bit of the engine's saved record flips. */
  FLIPPED_RECORD(Place.DAMAGE, 1),
  /** A bit of a segment's header flips. */
  FLIPPED_SEGMENT(Place.DAMAGE, 1),
  /** A bit flips anywhere in what is durable. */
  FLIPPED_BIT(Place.DAMAGE, 1),
  /** A bit of a snapshot flips. */
  FLIPPED_SNAPSHOT(Place.DAMAGE, 1),
  /** A write lands where older data lie. */
  MISDIRECTED_WRITE(Place.DAMAGE, 1),
  /** A disk is replaced by an empty one. */
  WIPE(Place.DAMAGE, 1),
  /** A disk is put back to an older state, while those who remember more are there. */
  OLD_BACKUP(Place.DAMAGE, 3),

  /** A client's process ends. */
  CLIENT_CRASH(Place.CLIENT, 3);

  /** What a fault strikes. */
  enum Place {
    PROCESS,
    NETWORK,
    CLOCK,
    DISK,
    /** A disk, for good: only a minority of the members may be struck in a run. */
    DAMAGE,
    CLIENT
  }

  final Place place;
  final int perMille;

  Fault(Place place, int perMille) {
    this.place = place;
    this.perMille = perMille;
  }
}

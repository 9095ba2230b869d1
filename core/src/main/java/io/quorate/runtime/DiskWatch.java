package io.quorate.runtime;

import io.quorate.spi.Engine;
import io.quorate.spi.LogStore;
import io.quorate.spi.Quorum;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches, from outside of the log thread, whether the disk answers and whether it has room. Loop
 * only, unless a method says otherwise.
 */
/* A call of the disk that does not return holds the log thread, and nothing else: heartbeats would
 * go out for ever in the name of a leader that can write nothing (D6). So the loop looks how long
 * the log has been silent whenever it has something to do, and at the latest when the limit is
 * over. The limit is half an election timeout: a leader that takes longer than that for a write is
 * about to be of no more use than one that is not heard.
 *
 * A full disk has room for what is under way, and for votes. A leader that has one gives way only
 * where a majority of the others has room: else nobody could do better, and reads need a leader.
 * For that, members tell each other that they are full, again and again while they are, and once when
 * that is over; who has said nothing for two election timeouts has room. Disks of one size fill up at the same time, so a leader
 * waits half an election timeout for what the others say.
 */
final class DiskWatch {
  private static final Logger log = LoggerFactory.getLogger(DiskWatch.class);

  private static final Refusal MAJORITY_FULL =
      full("the disks of so many members are full that the others are no majority");

  private final int member;
  private final Refusal ownFull;
  private final List<Integer> others;
  private final LogStage stage;
  private final LogStore store;
  private final Peers peers;
  private final long timeoutNanos;
  private final Teller teller;
  private final TreeMap<Integer, Long> fullHeardAt = new TreeMap<>();
  private long silentNanos;
  private boolean silent;
  private boolean full;
  private long fullAt;
  private volatile boolean majorityFull;
  private long toldAt;
  private List<String> trouble = List.of();

  /** Sends {@link Wire#FULL} to the other members. */
  interface Teller {
    void tell(boolean full);
  }

  /**
   * Of a disk that works.
   *
   * @param members all, this one among them; one that is alone has nobody to give way to
   * @param timeoutNanos the election timeout
   * @param teller tells the other members
   */
  DiskWatch(
      int member,
      Iterable<Integer> members,
      LogStage stage,
      LogStore store,
      Peers peers,
      long timeoutNanos,
      Teller teller) {
    this.member = member;
    ownFull = full("the disk of member " + member + " is full");
    others = new ArrayList<>();
    members.forEach(others::add);
    others.remove((Integer) member);
    this.stage = stage;
    this.store = store;
    this.peers = peers;
    this.timeoutNanos = timeoutNanos;
    this.teller = teller;
  }

  // What is seen

  /** Looks; whether this replica has to give way is then another answer, or the same. */
  void look(long now) {
    lookForSilence(now);
    lookForRoom(now);
    lookForTrouble();
  }

  private void lookForTrouble() {
    List<String> is = store.findings();
    if (!is.equals(trouble)) {
      for (String each : is) {
        log.warn("member {}: {}", member, each);
      }
      trouble = is;
    }
  }

  private void lookForSilence(long now) {
    long before = silentNanos;
    silentNanos = stage.silentNanos(now);
    boolean exceeded = silentNanos >= limitNanos();
    if (exceeded && !silent) {
      log.warn(
          "member {}: the disk has not answered for {} ms; no leader until it does: look at it",
          member,
          silentNanos / 1_000_000);
    } else if (silent && !exceeded) {
      log.info("member {}: the disk answers again, after {} ms", member, before / 1_000_000);
    }
    silent = exceeded;
  }

  private void lookForRoom(long now) {
    boolean is = store.isFull();
    if (is && !full) {
      log.warn(
          "member {}: the disk is full: no command is taken; make room, it goes on then", member);
      fullAt = now;
      toldAt = now - limitNanos();
    } else if (full && !is) {
      log.info("member {}: the disk has room again", member);
      teller.tell(false);
    }
    full = is;
    int withRoom = full ? 0 : 1;
    for (int other : others) {
      withRoom += isFull(other, now) ? 0 : 1;
    }
    majorityFull = !Quorum.isMajority(withRoom, others.size() + 1);
    if (full && now - toldAt >= limitNanos()) {
      toldAt = now;
      teller.tell(true);
      store.makeRoom();
    }
  }

  /** A member has said that its disk is full, or is so no more. */
  void heard(int from, boolean isFull, long now) {
    if (isFull) {
      fullHeardAt.put(from, now);
    } else {
      fullHeardAt.remove(from);
    }
  }

  // What follows from it

  /** Whether this replica must not lead, as {@link Engine#storageStalled} says. */
  boolean isStalled(long now) {
    return !others.isEmpty() && (silent || (full && haveOthersRoom(now)));
  }

  private boolean haveOthersRoom(long now) {
    if (now - fullAt < limitNanos()) {
      return false;
    }
    int roomy = 0;
    for (int other : others) {
      roomy += peers.isUp(other) && !isFull(other, now) ? 1 : 0;
    }
    return Quorum.isMajority(roomy, others.size() + 1);
  }

  private boolean isFull(int other, long now) {
    Long at = fullHeardAt.get(other);
    return at != null && now - at < 2 * timeoutNanos;
  }

  /** Whether little should be written, and nothing new. Any thread. */
  boolean isFull() {
    return store.isFull();
  }

  /** Why no command is let in, whatever its length; null if it may be. Any thread. */
  @Nullable Refusal refusal() {
    if (store.isFull()) {
      return ownFull;
    }
    return majorityFull ? MAJORITY_FULL : null;
  }

  /** To come back as often as a full disk is asked whether it has room again. */
  private static Refusal full(String which) {
    return new Refusal(
        which
            + ", so the command was not accepted: free space there, or give it more; commands are"
            + " taken again, without a restart, as soon as there is room",
        1_000);
  }

  /** When to look at the latest, or {@link Engine#NEVER}. */
  long deadline(long now) {
    if (full) {
      return toldAt + limitNanos();
    }
    long owed = stage.silentNanos(now);
    return owed == 0 || silent ? Engine.NEVER : now + Math.max(0, limitNanos() - owed);
  }

  private long limitNanos() {
    return timeoutNanos / 2;
  }

  void findings(long now, List<String> findings) {
    if (silent) {
      findings.add(
          String.format(
              "the disk of member %d has not answered for %.1f s: nothing is durable here, and this"
                  + " replica does not lead, until it does; look at the disk",
              member, stage.silentNanos(now) / 1e9));
    }
    if (full) {
      findings.add(
          String.format(
              "the disk of member %d is full: no command is taken here, and nothing kept of what"
                  + " others write; free space on it, or give it more, and it goes on by itself",
              member));
    }
    for (String each : store.findings()) {
      findings.add("the log of member " + member + ": " + each);
    }
    for (int other : others) {
      if (isFull(other, now)) {
        findings.add("the disk of member " + other + " is full, as it says");
      }
    }
  }
}

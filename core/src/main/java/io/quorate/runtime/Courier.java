package io.quorate.runtime;

import io.quorate.runtime.Calls.Proposal;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Brings the commands of a session to whoever leads: all once, all again when the leader changes,
 * and a few again when no outcome comes. Loop only.
 */
/* A change of leader loses what was on its way, and tells so; then everything goes again at once.
 * Otherwise a command without an outcome is late more often than lost, and sending again what is
 * late makes it later: so only the oldest go again, a bounded number of bytes of them, and each time
 * that this moves nothing the wait doubles.
 */
final class Courier {
  /** How many bytes of commands, about, go again at a time. */
  static final int AGAIN_BYTES = 1 << 20;

  /** How long what a full leader refused waits at first. */
  private static final long REFUSED_NANOS = 50_000_000;

  private static final long REFUSED_NANOS_MAX = 1_000_000_000;

  private final Proposals proposals;
  private final long group;
  private final Wire.Sender sender;
  private final long patienceMin;
  private final long patienceMax;
  private final ArrayDeque<Long> refused = new ArrayDeque<>();

  // The oldest that is waited for has been that one since then, and is waited for that long.
  private long stuckAt;
  private long stuckSince;
  private long patience;

  private long refusedSince;
  private long refusedPatience = REFUSED_NANOS;

  /**
   * For the commands of a session.
   *
   * @param patienceMin how long the oldest command waits for its outcome before it goes again
   * @param patienceMax the most, in the end
   */
  Courier(Proposals proposals, long group, Wire.Sender sender, long patienceMin, long patienceMax) {
    this.proposals = proposals;
    this.group = group;
    this.sender = sender;
    this.patienceMin = patienceMin;
    this.patienceMax = Math.max(patienceMin, patienceMax);
    patience = patienceMin;
  }

  /** Sends what was not handed to this leader yet. */
  void send(int leader) {
    while (proposals.peek() != null) {
      Wire.Out frame = Wire.Out.ofGroup(group, 1024);
      for (Proposal next = proposals.peek();
          next != null && frame.size() < Wire.FRAME_BYTES;
          next = proposals.peek()) {
        frame.putCommand(proposals.take());
      }
      sender.send(leader, frame.end());
    }
  }

  /** Another leader, or the same that cannot have got everything: all goes again. */
  void handAgain() {
    proposals.handAgain();
    refused.clear();
    refusedPatience = REFUSED_NANOS;
    stuckAt = 0;
  }

  /** The leader was too full for this copy, while an earlier copy may be in a log. */
  void refused(long sequence, long now) {
    if (refused.isEmpty()) {
      refusedSince = now;
    }
    refused.add(sequence);
  }

  /**
   * Sends again what was refused or seems lost; now and then, while anything is unsettled.
   *
   * @param leader 0 if nothing can be sent
   */
  void keepHouse(long now, int leader) {
    long oldest = proposals.isEmpty() ? 0 : proposals.front();
    if (oldest != stuckAt || leader == 0) {
      stuckAt = oldest;
      stuckSince = now;
      patience = patienceMin;
    } else if (oldest != 0 && now - stuckSince >= patience) {
      stuckSince = now;
      patience = Math.min(patience * 2, patienceMax);
      sendOldest(leader);
    }
    if (leader != 0 && !refused.isEmpty() && now - refusedSince >= refusedPatience) {
      refusedSince = now;
      sendRefused(leader);
      refusedPatience =
          refused.isEmpty() ? REFUSED_NANOS : Math.min(refusedPatience * 2, REFUSED_NANOS_MAX);
    }
  }

  private void sendOldest(int leader) {
    List<Proposal> oldest = proposals.oldest(AGAIN_BYTES);
    Frames frames = new Frames(leader);
    for (Proposal proposal : oldest) {
      frames.add(proposal);
    }
    frames.end();
  }

  private void sendRefused(int leader) {
    Frames frames = new Frames(leader);
    while (!refused.isEmpty() && frames.bytes < AGAIN_BYTES) {
      Proposal proposal = proposals.again(refused.remove());
      if (proposal != null) {
        frames.add(proposal);
      }
    }
    frames.end();
  }

  private final class Frames {
    private final int leader;
    private Wire.@Nullable Out frame;
    private int bytes;

    Frames(int leader) {
      this.leader = leader;
    }

    void add(Proposal proposal) {
      Wire.Out open = frame == null ? Wire.Out.ofGroup(group, 1024) : frame;
      open.putCommand(proposal);
      bytes += Batch.sizeOf(proposal);
      frame = open;
      if (open.size() >= Wire.FRAME_BYTES) {
        end();
      }
    }

    void end() {
      Wire.Out open = frame;
      if (open != null) {
        frame = null;
        sender.send(leader, open.end());
      }
    }
  }
}

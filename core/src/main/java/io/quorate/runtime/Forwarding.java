package io.quorate.runtime;

import io.quorate.OverloadedException;
import io.quorate.runtime.Calls.Proposal;
import io.quorate.runtime.Calls.Received;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.BiConsumer;

/**
 * The one hop of a member's own commands: what a leader takes of them, and what it turns away. Loop
 * only.
 */
final class Forwarding {
  private final long group;
  private final Intake intake;
  private final Admission admission;
  private final Wire.Sender sender;
  private final Proposals proposals;
  private final Courier courier;
  private final BiConsumer<Proposal, OverloadedException> failing;

  /**
   * Of a replica.
   *
   * @param sender sends {@link Wire#TURNED_AWAY}
   * @param failing fails a command outside the loop
   */
  Forwarding(
      long group,
      Intake intake,
      Admission admission,
      Wire.Sender sender,
      Proposals proposals,
      Courier courier,
      BiConsumer<Proposal, OverloadedException> failing) {
    this.group = group;
    this.intake = intake;
    this.admission = admission;
    this.sender = sender;
    this.proposals = proposals;
    this.courier = courier;
    this.failing = failing;
  }

  /** To a leader; it says which commands it cannot take, and why. */
  void forwarded(int from, ByteBuffer in) {
    Wire.Out answer = null;
    while (in.hasRemaining()) {
      Received command = Wire.command(in, 0);
      if (!intake.add(command)) {
        answer = answer == null ? begin(admission.commandRefusal()) : answer;
        answer.putSession(command.session()).putLong(command.sequence());
      }
    }
    if (answer != null) {
      sender.send(from, answer.end());
    }
  }

  private Wire.Out begin(Refusal refusal) {
    return Wire.Out.ofGroup(group, 1024)
        .putInt((int) refusal.retryAfterMillis())
        .putText(refusal.why());
  }

  /**
   * What a leader says that it has not taken. Of a command with one copy that is the whole truth;
   * one with an earlier copy goes again, for that copy may yet be applied.
   */
  void turnedAway(ByteBuffer in, long now) {
    Duration retryAfter = Duration.ofMillis(Math.max(1, in.getInt()));
    String why = Wire.text(Wire.slice(in, in.getInt()));
    while (in.hasRemaining()) {
      SessionId session = new SessionId(in.getLong(), in.getLong());
      long sequence = in.getLong();
      Proposal only = proposals.refused(session, sequence);
      if (only != null) {
        failing.accept(only, new OverloadedException(why, retryAfter));
      } else if (session.equals(proposals.session()) && proposals.isRepeated(sequence)) {
        courier.refused(sequence, now);
      }
    }
  }
}

package io.quorate.runtime;

import io.quorate.spi.Transport;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;

/** Sends other members of the group what is no message of an engine. Loop only. */
final class MemberFrames {
  private final Transport.Link link;
  private final long group;
  private final int self;
  private final Collection<Integer> members;

  MemberFrames(Transport.Link link, long group, int self, Collection<Integer> members) {
    this.link = link;
    this.group = group;
    this.self = self;
    this.members = members;
  }

  /** The disk here is full, or is so no more. */
  void full(boolean full) {
    for (int member : members) {
      if (member != self) {
        send(member, Wire.FULL, Wire.Out.ofGroup(group, 1).putByte(full ? 1 : 0).end());
      }
    }
  }

  /** The member is known here under another incarnation. */
  void refused(int member, long known) {
    send(member, Wire.REFUSED, Wire.Out.ofGroup(group, 8).putLong(known).end());
  }

  void forward(int leader, ByteBuffer frame) {
    send(leader, Wire.FORWARD, frame);
  }

  void turnedAway(int member, ByteBuffer frame) {
    send(member, Wire.TURNED_AWAY, frame);
  }

  private void send(int member, int kind, ByteBuffer frame) {
    link.send(member, kind, frame, List.of());
  }
}

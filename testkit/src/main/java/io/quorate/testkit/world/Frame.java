package io.quorate.testkit.world;

import java.nio.ByteBuffer;

/** A frame on its way over a lane; run when it arrives there. */
final class Frame implements Runnable {
  final long id;
  final int kind;
  final ByteBuffer header;
  final ByteBuffer values;
  private final SimLane lane;

  Frame(SimLane lane, long id, int kind, ByteBuffer header, ByteBuffer values) {
    this.lane = lane;
    this.id = id;
    this.kind = kind;
    this.header = header;
    this.values = values;
  }

  /** The same frame, on another connection. */
  Frame again(SimLane over) {
    return new Frame(over, id, kind, header, values);
  }

  int from() {
    return lane.from();
  }

  int to() {
    return lane.to();
  }

  int bytes() {
    return header.remaining() + values.remaining();
  }

  @Override
  public void run() {
    lane.arrived(this);
  }
}

package io.quorate.testkit.world;

import io.quorate.testkit.WorldFault;
import java.nio.ByteBuffer;

/**
 * The second connection that one member has dialled to another, for bulk: it is there when it is
 * needed, ends with the first one, and may break without it. Neither end hears of that: what is on
 * its way is lost, and for a while all that is sent.
 */
final class SimBulk implements SimLane.Owner {
  private final SimNetwork network;
  private final SimConnection first;
  private final SimLink source;
  private final SimLink sink;
  private SimLane lane;
  private long restsUntil;

  SimBulk(SimNetwork network, SimConnection first, SimLink source, SimLink sink) {
    this.network = network;
    this.first = first;
    this.source = source;
    this.sink = sink;
    lane = new SimLane(network, this, source, sink);
  }

  /** Dials, if it has to. */
  void send(int kind, ByteBuffer header, ByteBuffer values) {
    lane.send(kind, header, values);
  }

  @Override
  public boolean loses() {
    if (!first.isUp() || network.agenda().now() < restsUntil) {
      return true;
    }
    long rest = network.breaksBulk(first.to());
    if (rest >= 0 || network.weather().breaks()) {
      breakOff(Math.max(0, rest));
      return true;
    }
    return false;
  }

  @Override
  public boolean isLostTo(SimLink end) {
    return first.isLostTo(end);
  }

  @Override
  public int peerOf(SimLink end) {
    return first.peerOf(end);
  }

  private void breakOff(long restNanos) {
    lane.cut();
    lane = new SimLane(network, this, source, sink);
    restsUntil = network.agenda().now() + restNanos;
    network.incidents().happened(WorldFault.BULK_BROKEN);
    network.trace().between("breakbulk", first.from(), first.to(), restNanos);
  }

  /** It can be dialled again. */
  void mend() {
    restsUntil = 0;
  }
}

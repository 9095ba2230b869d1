package io.quorate.testkit.world;

import io.quorate.runtime.FrameKinds;
import io.quorate.spi.Transport;
import io.quorate.testkit.WorldFault;
import java.nio.ByteBuffer;

/**
 * One direction of a connection: frames in the order of sending, unless the weather is rough; bulk
 * in an order of its own.
 */
final class SimLane {
  private final SimNetwork network;
  private final SimConnection connection;
  private final SimLink source;
  private final SimLink sink;
  private long lastArrival;
  private long lastBulkArrival;

  SimLane(SimNetwork network, SimConnection connection, SimLink source, SimLink sink) {
    this.network = network;
    this.connection = connection;
    this.source = source;
    this.sink = sink;
  }

  int from() {
    return source.member();
  }

  int to() {
    return sink.member();
  }

  /** What members say to each other may come twice, where its kind allows it. */
  private boolean mayComeTwice(Frame frame) {
    return from() > 0 && to() > 0 && FrameKinds.mayComeTwice(frame.kind);
  }

  /** When the last frame that was sent arrives, and all before it have. */
  long lastArrival() {
    return Math.max(lastArrival, lastBulkArrival);
  }

  void send(int kind, ByteBuffer header, ByteBuffer values) {
    Frame frame = new Frame(this, network.nextFrame(), kind, header, values);
    network.trace().frame("send", frame);
    if (mayComeTwice(frame)) {
      network.memory().sent(frame);
    }
    if (connection.loses()) {
      network.trace().frame("lose", frame);
    } else if (network.isBlocked(from(), to())) {
      lose(frame, WorldFault.FRAME_BLOCKED);
    } else if (network.weather().loses()) {
      lose(frame, WorldFault.FRAME_LOST);
    } else {
      dispatch(frame);
    }
  }

  private void lose(Frame frame, WorldFault how) {
    network.incidents().happened(how);
    network.trace().frame("lose", frame);
  }

  private void dispatch(Frame frame) {
    Weather weather = network.weather();
    long arrival = network.agenda().now() + weather.networkNanos();
    long slow = network.slowNanos(from(), to());
    if (slow > 0) {
      network.incidents().happened(WorldFault.FRAME_DELAYED);
      arrival += weather.slowNanos(slow);
    }
    boolean bulk = frame.kind >= Transport.BULK_KIND;
    long last = bulk ? lastBulkArrival : lastArrival;
    if (arrival >= last && bulk) {
      lastBulkArrival = arrival;
    } else if (arrival >= last) {
      lastArrival = arrival;
    } else if (weather.reorders()) {
      network.incidents().happened(WorldFault.FRAME_REORDERED);
    } else {
      arrival = last;
    }
    deliverAt(arrival, frame);
    if (mayComeTwice(frame) && weather.duplicates()) {
      network.incidents().happened(WorldFault.FRAME_DUPLICATED);
      network.trace().frame("twice", frame);
      deliverAt(arrival + weather.networkNanos(), frame);
    }
  }

  private void deliverAt(long time, Frame frame) {
    network.agenda().after(time - network.agenda().now(), frame);
  }

  /** A frame of some other connection, or of this one, comes here too. */
  void replay(Frame frame) {
    network.incidents().happened(WorldFault.FRAME_REPLAYED);
    network.trace().frame("replay", frame);
    deliverAt(network.agenda().now() + network.weather().networkNanos(), frame.again(this));
  }

  void arrived(Frame frame) {
    if (network.isBlocked(from(), to())) {
      lose(frame, WorldFault.FRAME_BLOCKED);
    } else if (connection.isLostTo(sink)) {
      network.trace().frame("lose", frame);
    } else {
      network.trace().frame("frame", frame);
      sink.inTurn(() -> received(frame));
    }
  }

  private void received(Frame frame) {
    sink.listener()
        .received(
            connection.peerOf(sink),
            frame.kind,
            frame.header.duplicate(),
            frame.values.duplicate());
  }
}

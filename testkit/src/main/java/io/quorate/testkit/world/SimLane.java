package io.quorate.testkit.world;

import io.quorate.runtime.FrameKinds;
import io.quorate.testkit.WorldFault;
import java.nio.ByteBuffer;

/** One direction of a connection: frames in the order of sending, unless the weather is rough. */
final class SimLane {
  /** What it is a direction of. */
  interface Owner {
    /** Whether a frame that is sent now is lost. */
    boolean loses();

    /** Whether what arrives at that end now finds nobody to take it. */
    boolean isLostTo(SimLink end);

    /** Who is at the other side, as the listener at this end knows it. */
    int peerOf(SimLink end);
  }

  private final SimNetwork network;
  private final Owner connection;
  private final SimLink source;
  private final SimLink sink;
  private long lastArrival;
  private boolean cut;

  SimLane(SimNetwork network, Owner connection, SimLink source, SimLink sink) {
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
    return lastArrival;
  }

  /** What is on its way is lost. */
  void cut() {
    cut = true;
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
    if (arrival >= lastArrival) {
      lastArrival = arrival;
    } else if (weather.reorders()) {
      network.incidents().happened(WorldFault.FRAME_REORDERED);
    } else {
      arrival = lastArrival;
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
    } else if (cut || connection.isLostTo(sink)) {
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

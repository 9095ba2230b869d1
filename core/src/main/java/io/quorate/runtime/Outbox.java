package io.quorate.runtime;

import io.quorate.spi.Check;
import io.quorate.spi.Payload;
import io.quorate.spi.Transport;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * Gathers the engine messages of a turn, so that one frame goes to each member, or a few where they
 * are large. Loop only.
 */
final class Outbox {
  private static final int FRAME_HEADER = 8;
  private static final int MESSAGE_HEADER = 32;

  /**
   * A frame that the next message would make larger leaves before it; a larger message has one to
   * itself. Two full batches do not fit: whoever receives a frame holds all of it as long as any
   * part, and G1 has a place for pieces from 512 KiB on, if not larger ones, from which a mark of
   * the whole heap follows, again and again.
   */
  private static final int FRAME_BYTES = 384 << 10;

  /** For one message, as most frames have it; more of them make it grow. */
  private static final int HEADER_BYTES = 128;

  private final Transport.Link link;
  private final LongSupplier durable;
  private final TreeMap<Integer, Frame> frames = new TreeMap<>();

  /**
   * For what is sent over a link.
   *
   * @param durable how far the disk is durable; each frame says so as it leaves
   */
  Outbox(Transport.Link link, LongSupplier durable) {
    this.link = link;
    this.durable = durable;
  }

  /** Adds a message; {@code values} is given away. */
  void add(int to, long group, long epoch, long incarnation, byte[] header, List<Payload> values) {
    int valueBytes = 0;
    for (int i = 0; i < values.size(); i++) {
      valueBytes += values.get(i).length();
    }
    int bytes = MESSAGE_HEADER + header.length + valueBytes;
    Check.that(
        FRAME_HEADER + bytes <= Transport.FRAME_BYTES_MAX,
        "IC13 a message fits a frame",
        bytes,
        values.size());
    Frame frame = frames.computeIfAbsent(to, member -> new Frame());
    if (frame.bytes > FRAME_HEADER && frame.bytes + bytes > FRAME_BYTES) {
      send(to, frame);
    }
    frame.bytes += bytes;
    frame
        .header
        .putLong(group)
        .putLong(epoch)
        .putLong(incarnation)
        .putInt(header.length)
        .putInt(valueBytes)
        .put(header);
    frame.values.addAll(values);
  }

  /** Sends what was gathered. */
  void flush() {
    frames.forEach(
        (member, frame) -> {
          if (frame.bytes > FRAME_HEADER) {
            send(member, frame);
          }
        });
  }

  private void send(int to, Frame frame) {
    ByteBuffer header = frame.header.end().putLong(0, durable.getAsLong());
    link.send(to, Wire.MESSAGES, header, frame.values);
    frame.header = Frame.begun();
    frame.values = new ArrayList<>();
    frame.bytes = FRAME_HEADER;
  }

  private static final class Frame {
    private Wire.Out header = begun();
    private List<Payload> values = new ArrayList<>();
    private int bytes = FRAME_HEADER;

    /** With room for what is known only when it leaves. */
    static Wire.Out begun() {
      return new Wire.Out(HEADER_BYTES).putLong(0);
    }
  }
}

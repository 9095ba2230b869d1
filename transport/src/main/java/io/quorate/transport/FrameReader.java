package io.quorate.transport;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/** Cuts a stream of bytes into frames. Confined to a loop. */
final class FrameReader {
  /*
   * Bytes are copied once, from Netty's buffer straight into an array of the frame's exact size;
   * a frame that arrives in many pieces is never gathered elsewhere first. Per frame there is that
   * array and two slices of it, nothing else. Only a prefix that is torn between two reads takes
   * the way over `prefix`.
   */

  /** Takes the frames. */
  interface Sink {
    /** One frame; header and values are slices of one array that is given away. */
    void frame(int kind, ByteBuffer header, ByteBuffer values);
  }

  private final byte[] prefix = new byte[Frame.PREFIX_BYTES];
  private final ByteBuffer prefixBuffer = ByteBuffer.wrap(prefix);
  private int prefixFilled;
  private byte[] body = prefix;
  private int bodyFilled;
  private boolean inBody;
  private int bytesMax;
  private boolean stopped;

  /**
   * Starts with a limit.
   *
   * @param bytesMax the most that header and values together may have
   */
  FrameReader(int bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** Changes the limit from the next frame on. */
  void bytesMax(int bytes) {
    bytesMax = bytes;
  }

  /** Delivers nothing any more, not even what has been handed in. */
  void stop() {
    stopped = true;
  }

  /**
   * Reads all of {@code in} and delivers each frame as it is complete.
   *
   * @throws BadFrameException if a length is negative, inconsistent or beyond the limit; nothing
   *     has been allocated for that frame
   */
  void read(ByteBuf in, Sink sink) {
    while (!stopped && in.isReadable()) {
      if (!inBody) {
        readPrefix(in);
      } else {
        int part = Math.min(in.readableBytes(), body.length - bodyFilled);
        in.readBytes(body, bodyFilled, part);
        bodyFilled += part;
      }
      if (complete()) {
        deliver(sink);
      }
    }
  }

  private boolean complete() {
    return inBody && bodyFilled == body.length;
  }

  private void readPrefix(ByteBuf in) {
    int part = Math.min(in.readableBytes(), Frame.PREFIX_BYTES - prefixFilled);
    in.readBytes(prefix, prefixFilled, part);
    prefixFilled += part;
    if (prefixFilled < Integer.BYTES) {
      return;
    }
    // A bad length is refused as soon as it is there, not when the rest of the prefix has come.
    int length = prefixBuffer.getInt(0);
    if (length < Frame.LENGTH_EXTRA || length > Frame.LENGTH_EXTRA + (long) bytesMax) {
      throw new BadFrameException(
          "announced a frame of "
              + length
              + " bytes where "
              + Frame.LENGTH_EXTRA
              + " to "
              + (Frame.LENGTH_EXTRA + (long) bytesMax)
              + " are allowed");
    }
    if (prefixFilled < Frame.PREFIX_BYTES) {
      return;
    }
    int headerLength = prefixBuffer.getInt(5);
    if (prefix[4] < 0 || headerLength < 0 || headerLength > length - Frame.LENGTH_EXTRA) {
      throw new BadFrameException(
          "sent a frame of kind "
              + prefix[4]
              + " with a header of "
              + headerLength
              + " in "
              + length
              + " bytes");
    }
    body = new byte[length - Frame.LENGTH_EXTRA];
    bodyFilled = 0;
    inBody = true;
  }

  private void deliver(Sink sink) {
    int headerLength = prefixBuffer.getInt(5);
    byte[] bytes = body;
    body = prefix;
    inBody = false;
    prefixFilled = 0;
    ByteBuffer header = ByteBuffer.wrap(bytes, 0, headerLength).slice();
    ByteBuffer values = ByteBuffer.wrap(bytes, headerLength, bytes.length - headerLength).slice();
    sink.frame(prefix[4], header, values);
  }
}

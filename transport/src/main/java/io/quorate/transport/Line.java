package io.quorate.transport;

import io.quorate.spi.Payload;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * An open, ordered stream of frames in both directions, as TCP or a hub gives it. Confined to the
 * loop of the {@link Connection} at its end, which hears of arrivals and of the break.
 */
interface Line {
  /** Sends the first frame of this side. */
  void greet(Greeting greeting);

  /**
   * Sends one frame.
   *
   * @return false if the frame was dropped because too many bytes wait to be sent already
   */
  boolean send(int kind, ByteBuffer header, List<Payload> values);

  /** Closes the line; what still waits to be sent is lost. The connection need not be told. */
  void close();
}

package io.quorate.transport;

import io.quorate.spi.Transport;
import io.quorate.spi.Transport.Hello;
import io.quorate.spi.Transport.Listener;
import org.jspecify.annotations.Nullable;

/**
 * The first thing said on a connection, by both sides: who one is, and in an answer perhaps why
 * not.
 *
 * @param bulk whether the connection is the dialling side's second one, for bulk; false in an
 *     answer
 * @param refused null to accept, else the sentence that says why not
 */
record Greeting(
    int version, Hello hello, int frameBytesMax, boolean bulk, @Nullable String refused) {
  /** Of the handshake and of the framing behind it. */
  static final int VERSION = 1;

  static Greeting of(Hello hello) {
    return new Greeting(VERSION, hello, Transport.FRAME_BYTES_MAX, false, null);
  }

  /** Of who dials a second connection, for bulk. */
  static Greeting forBulk(Hello hello) {
    return new Greeting(VERSION, hello, Transport.FRAME_BYTES_MAX, true, null);
  }

  static Greeting refusing(Hello hello, String why) {
    return new Greeting(VERSION, hello, Transport.FRAME_BYTES_MAX, false, why);
  }

  /** Why the side that was dialled does not want this dialler, or null. */
  @Nullable String refuseDialler(Hello mine, Listener listener) {
    String unfit = unfit();
    if (unfit != null) {
      return unfit;
    }
    if (hello.hostStart() == mine.hostStart()) {
      return "member "
          + mine.member()
          + " dialled itself; correct the address of member "
          + hello.target();
    }
    if (hello.target() != 0 && hello.target() != mine.member()) {
      return "member " + hello.target() + " was dialled but this is member " + mine.member();
    }
    if (bulk && hello.member() == 0) {
      return "a client has no connection for bulk; only members have";
    }
    return listener.refuse(hello);
  }

  /** Why the dialling side does not want who answered, or null. */
  @Nullable String refuseAnswer(Hello mine, String address, Listener listener) {
    String dialled = "dialled member " + mine.target() + " at " + address;
    if (hello.hostStart() == mine.hostStart()) {
      return dialled + " but reached this very host; correct the address";
    }
    if (hello.member() != mine.target()) {
      return dialled + " but member " + hello.member() + " answered; correct the address";
    }
    if (refused != null) {
      return refused;
    }
    String unfit = unfit();
    return unfit != null ? unfit : listener.refuse(hello);
  }

  private @Nullable String unfit() {
    if (version != VERSION) {
      return "one side speaks version "
          + version
          + " of the transport, the other version "
          + VERSION
          + "; run the same release on both";
    }
    if (frameBytesMax != Transport.FRAME_BYTES_MAX) {
      return "one side takes frames of "
          + frameBytesMax
          + " bytes, the other of "
          + Transport.FRAME_BYTES_MAX
          + "; run the same release on both";
    }
    return null;
  }
}

package io.quorate.transport;

import io.quorate.spi.Transport.Hello;
import org.jspecify.annotations.Nullable;

/** Our end of a connection that a member or a client dialled. Confined to a station's loop. */
final class Accepted extends Connection {
  private final Station station;
  private final String remote;

  /**
   * Any thread; {@link Station#accept} brings it into its loop.
   *
   * @param remote where the dialler is, for people
   */
  Accepted(Station station, String remote) {
    super(station.loop(), station.listener());
    this.station = station;
    this.remote = remote;
  }

  @Override
  void greetFirst(Line open) {
    // Who dialled speaks first.
  }

  @Override
  void answer(Greeting greeting, Line open) {
    Hello mine = station.listener().answer(greeting.hello());
    @Nullable String no = greeting.refuseDialler(mine, station.listener());
    int member = greeting.hello().member();
    if (no != null) {
      station.refusing(member, remote, no);
      open.greet(Greeting.refusing(mine, no));
      end(no);
      return;
    }
    open.greet(Greeting.of(mine));
    up(member == 0 ? station.admit(this) : member, greeting.bulk());
    station.accepting(member);
  }

  @Override
  void warn(String what) {
    station.warn((isUp() ? name(peer()) : "the connection from") + " " + remote + ": " + what);
  }

  @Override
  void ended(boolean wasUp, String why) {
    station.left(this, wasUp && !isBulk());
  }

  private static String name(int peer) {
    return peer < 0 ? "client" : "member " + peer + " from";
  }
}

package io.quorate.transport;

import io.quorate.spi.Transport.Hello;
import io.quorate.spi.Transport.Listener;
import org.jspecify.annotations.Nullable;

/** Our end of one dialled connection, from the attempt to its end. Confined to a station's loop. */
final class Dialled extends Connection {
  private final Owner owner;
  private final Listener listener;
  private final String address;
  private final boolean bulk;
  private @Nullable Hello said;
  private boolean refused;

  /** Who dials. */
  interface Owner {
    /** Whom. */
    int member();

    /** It is up, and accepted by both sides. */
    void up(Dialled connection, Hello remote);

    /** Logs a line about the other side, within a budget. */
    void warn(String what);

    /** It is over; called once. */
    void ended(Dialled connection, boolean wasUp, boolean refused, String why);
  }

  /**
   * An attempt, which the network has yet to be told of.
   *
   * @param bulk whether it is the second connection to that member, for bulk
   */
  Dialled(Owner owner, Station station, String address, boolean bulk) {
    super(station.loop(), station.listener());
    this.owner = owner;
    this.listener = station.listener();
    this.address = address;
    this.bulk = bulk;
  }

  @Override
  void greetFirst(Line open) {
    Hello mine = listener.hello(owner.member());
    said = mine;
    open.greet(bulk ? Greeting.forBulk(mine) : Greeting.of(mine));
  }

  @Override
  void answer(Greeting greeting, Line open) {
    Hello mine = said;
    if (mine == null) {
      end("it answered before it was greeted");
      return;
    }
    @Nullable String no = greeting.refuseAnswer(mine, address, listener);
    if (no != null) {
      refused = true;
      end(no);
      return;
    }
    up(owner.member(), bulk);
    owner.up(this, greeting.hello());
  }

  @Override
  void warn(String what) {
    owner.warn(what);
  }

  @Override
  void ended(boolean wasUp, String why) {
    owner.ended(this, wasUp, refused, why);
  }
}

package io.quorate.transport;

import io.quorate.spi.Transport.Hello;
import io.quorate.spi.Transport.Listener;
import org.jspecify.annotations.Nullable;

/** Our end of one dialled connection, from the attempt to its end. Confined to a station's loop. */
final class Dialled extends Connection {
  private final Dialler dialler;
  private final Listener listener;
  private final String address;
  private @Nullable Hello said;
  private boolean refused;

  Dialled(Dialler dialler, Station station, String address) {
    super(station.loop(), station.listener());
    this.dialler = dialler;
    this.listener = station.listener();
    this.address = address;
  }

  @Override
  void greetFirst(Line open) {
    Hello mine = listener.hello(dialler.member());
    said = mine;
    open.greet(Greeting.of(mine));
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
    up(dialler.member());
    dialler.up(this, greeting.hello());
  }

  @Override
  void warn(String what) {
    dialler.warn(what);
  }

  @Override
  void ended(boolean wasUp, String why) {
    dialler.ended(this, wasUp, refused, why);
  }
}

package io.quorate.testkit.world;

import io.quorate.spi.Transport;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A connection that one process dialled to another; its frames go one way. When it breaks, all that
 * is on its way is lost, and each end learns of it in its own time: not before the way to it is
 * open.
 */
public final class SimConnection {
  private final SimNetwork network;
  private final SimLink dialler;
  private final SimLink target;
  private final String address;
  private boolean diallerUp;
  private boolean targetUp;
  private boolean broken;
  private boolean diallerTold;
  private boolean targetTold;
  private long lastArrival;

  public SimConnection(SimNetwork network, SimLink dialler, SimLink target, String address) {
    this.network = network;
    this.dialler = dialler;
    this.target = target;
    this.address = address;
  }

  public int from() {
    return dialler.member();
  }

  public int to() {
    return target.member();
  }

  public boolean isOf(Life life) {
    return dialler.life() == life || target.life() == life;
  }

  /** Broken, and whoever is left knows. */
  public boolean isForgotten() {
    return broken
        && (diallerTold || dialler.life().isOver())
        && (targetTold || target.life().isOver());
  }

  // The handshake

  public void greet(Transport.Hello hello) {
    network
        .agenda()
        .after(
            network.weather().networkNanos(),
            () -> {
              if (reaches(from(), to(), target)) {
                accept(hello);
              } else {
                breakOff();
              }
            });
  }

  private void accept(Transport.Hello hello) {
    String refusal = target.listener().refuse(hello);
    Transport.Hello answer = target.listener().hello(0);
    targetUp = refusal == null;
    network
        .agenda()
        .after(
            network.weather().networkNanos(),
            () -> {
              if (reaches(to(), from(), dialler)) {
                answered(refusal, answer);
              } else {
                breakOff();
              }
            });
  }

  private void answered(@Nullable String refusal, Transport.Hello remote) {
    String no = refusal == null ? dialler.listener().refuse(remote) : refusal;
    if (no == null) {
      diallerUp = true;
      dialler.up(this, remote);
    } else {
      dialler.inTurn(() -> dialler.listener().refused(to(), no));
      breakOff();
    }
  }

  // Frames

  public void send(int kind, ByteBuffer header, ByteBuffer values) {
    Weather weather = network.weather();
    if (broken) {
      noticeBreak();
    } else if (weather.breaks()) {
      breakOff();
    } else if (!network.isBlocked(from(), to()) && !weather.loses()) {
      long arrival = network.agenda().now() + weather.networkNanos();
      if (!weather.reorders()) {
        arrival = Math.max(arrival, lastArrival);
        lastArrival = arrival;
      }
      deliverAt(arrival, kind, header, values);
      if (weather.duplicates()) {
        deliverAt(arrival + weather.networkNanos(), kind, header, values);
      }
    }
  }

  private void deliverAt(long time, int kind, ByteBuffer header, ByteBuffer values) {
    network
        .agenda()
        .after(
            time - network.agenda().now(),
            () -> {
              if (reaches(from(), to(), target)) {
                network.trace().add("frame", from(), to(), header.remaining());
                target.inTurn(
                    () ->
                        target
                            .listener()
                            .received(from(), kind, header.duplicate(), values.duplicate()));
              }
            });
  }

  private boolean reaches(int source, int sink, SimLink end) {
    return !broken && !end.life().isOver() && !network.isBlocked(source, sink);
  }

  // The end

  public void breakOff() {
    if (!broken) {
      broken = true;
      network.trace().add("break", from(), to(), 0);
      noticeBreak();
    }
  }

  /** Tells each end that can be told, and was not. */
  public void noticeBreak() {
    if (!broken) {
      return;
    }
    if (!diallerTold && !network.isBlocked(to(), from())) {
      diallerTold = true;
      dialler.life().later(network.weather().networkNanos(), this::diallerLearns);
    }
    if (!targetTold && !network.isBlocked(from(), to())) {
      targetTold = true;
      target.life().later(network.weather().networkNanos(), this::targetLearns);
    }
  }

  private void diallerLearns() {
    if (diallerUp) {
      dialler.down(to(), this);
    }
    dialler.dialAgain(to(), address);
  }

  private void targetLearns() {
    if (targetUp) {
      target.down(from(), null);
    }
  }
}

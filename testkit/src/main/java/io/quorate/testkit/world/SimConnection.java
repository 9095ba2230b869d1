package io.quorate.testkit.world;

import io.quorate.spi.Transport;
import io.quorate.spi.Transport.Hello;
import io.quorate.testkit.WorldFault;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A connection that one process dialled to another. Between members its frames go one way, from who
 * dialled; a client is answered over its own. When it breaks, all that is on its way is lost, and
 * each end learns of it in its own time: not before the way to it is open.
 */
public final class SimConnection implements SimLane.Owner {
  private final SimNetwork network;
  private final SimLink dialler;
  private final SimLink target;
  private final int wanted;
  private final String address;
  private final SimLane there;
  private final SimLane back;
  private final SimBulk bulk;

  // What each end holds.
  private int client;
  private boolean diallerUp;
  private boolean targetUp;
  private boolean diallerTold;
  private boolean targetTold;
  private boolean diallerGone;
  private boolean targetGone;

  // What has become of it: over means that nothing is sent any more, cut that nothing arrives.
  private boolean resets;
  private boolean over;
  private boolean cut;

  /**
   * Not greeted yet.
   *
   * @param wanted which member is meant; the target may be another one
   * @param address by which it was found
   */
  SimConnection(SimNetwork network, SimLink dialler, SimLink target, int wanted, String address) {
    this.network = network;
    this.dialler = dialler;
    this.target = target;
    this.wanted = wanted;
    this.address = address;
    there = new SimLane(network, this, dialler, target);
    back = new SimLane(network, this, target, dialler);
    bulk = new SimBulk(network, this, dialler, target);
  }

  public int from() {
    return dialler.member();
  }

  public int to() {
    return target.member();
  }

  /** The member that was meant. */
  int wanted() {
    return wanted;
  }

  public boolean isOf(Life life) {
    return dialler.life() == life || target.life() == life;
  }

  boolean isUp() {
    return diallerUp && targetUp && !over;
  }

  /** Over, and whoever is left knows. */
  boolean isForgotten() {
    return over
        && (diallerTold || dialler.life().isOver())
        && (targetTold || target.life().isOver());
  }

  /** Who is at the other side, as the listener at this end knows it. */
  @Override
  public int peerOf(SimLink end) {
    return end == dialler ? wanted : from() > 0 ? from() : client;
  }

  /** The lane on which frames go from one to the other; null if none do. */
  @Nullable SimLane lane(int source, int sink) {
    if (source == from() && sink == to()) {
      return there;
    }
    return from() < 0 && source == to() && sink == from() ? back : null;
  }

  // The handshake

  void greet(Hello hello) {
    network
        .agenda()
        .after(
            network.weather().networkNanos(),
            () -> {
              if (reaches(from(), to(), target)) {
                target.inTurn(() -> accept(hello));
              } else {
                breakOff();
              }
            });
  }

  private void accept(Hello hello) {
    Hello answer = target.listener().answer(hello);
    String refusal =
        hello.target() == answer.member()
            ? target.listener().refuse(hello)
            : "member " + hello.target() + " was dialled but this is member " + answer.member();
    if (over) {
      return;
    }
    if (refusal == null) {
      targetUp = true;
      client = from() < 0 ? target.admit(this) : 0;
    }
    network
        .agenda()
        .after(
            network.weather().networkNanos(),
            () -> {
              if (reaches(to(), from(), dialler)) {
                dialler.inTurn(() -> answered(refusal, answer));
              } else {
                breakOff();
              }
            });
  }

  private void answered(@Nullable String refusal, Hello remote) {
    if (over) {
      return;
    }
    String no = refusal == null ? dialler.listener().refuse(remote) : refusal;
    if (remote.member() != wanted) {
      no = "dialled member " + wanted + " but member " + remote.member() + " answered";
      network.incidents().happened(WorldFault.STRANGER_DIALLED);
      network.trace().between("stranger", from(), to(), wanted);
    }
    if (no == null) {
      diallerUp = true;
      dialler.up(this);
      dialler.listener().connected(wanted, remote);
    } else {
      dialler.listener().refused(wanted, no);
      breakOff();
    }
  }

  // Frames

  /** Sends from one of the ends to the other. */
  void send(SimLink source, int kind, ByteBuffer header, ByteBuffer values) {
    if (kind >= Transport.BULK_KIND && from() > 0) {
      bulk.send(kind, header, values);
    } else {
      (source == dialler ? there : back).send(kind, header, values);
    }
  }

  /** The one for bulk beside it. */
  SimBulk bulk() {
    return bulk;
  }

  /** Whether a frame that is sent now is lost, because the connection is over, or ends with it. */
  @Override
  public boolean loses() {
    if (!over) {
      if (resets) {
        reset();
      } else if (network.weather().breaks()) {
        breakOff();
      }
    } else {
      noticeEnd();
    }
    return over;
  }

  /** Whether what arrives at that end now finds nobody to take it. */
  @Override
  public boolean isLostTo(SimLink end) {
    return cut || end.life().isOver() || (end == dialler ? diallerGone : targetGone);
  }

  private boolean reaches(int source, int sink, SimLink end) {
    return !over && !end.life().isOver() && !network.isBlocked(source, sink);
  }

  // The end

  /** What is sent next breaks off in the middle; {@code false} takes that back. */
  void resetsNext(boolean soon) {
    resets = soon;
  }

  /** What was sent before arrives yet. */
  private void reset() {
    over = true;
    network.incidents().happened(WorldFault.CONNECTION_RESET);
    network.trace().between("reset", from(), to(), 0);
    noticeEnd();
  }

  /** All that is on its way is lost. */
  public void breakOff() {
    cut = true;
    if (!over) {
      if (isUp()) {
        network.incidents().happened(WorldFault.CONNECTION_BROKEN);
      }
      over = true;
      network.trace().between("break", from(), to(), 0);
      noticeEnd();
    }
  }

  /** Tells each end that can be told, and was not; after what arrives there yet. */
  void noticeEnd() {
    if (!over) {
      return;
    }
    if (!diallerTold && !network.isBlocked(to(), from())) {
      diallerTold = true;
      dialler.life().later(noticeNanos(back), this::diallerLearns);
    }
    if (!targetTold && !network.isBlocked(from(), to())) {
      targetTold = true;
      target.life().later(noticeNanos(there), this::targetLearns);
    }
  }

  private long noticeNanos(SimLane lane) {
    long least = cut ? 0 : lane.lastArrival() - network.agenda().now();
    return Math.max(least, network.weather().networkNanos());
  }

  private void diallerLearns() {
    diallerGone = true;
    if (diallerUp) {
      dialler.down(this);
    }
    dialler.dialAgain(wanted, address);
  }

  private void targetLearns() {
    targetGone = true;
    if (targetUp) {
      target.left(this, peerOf(target));
    }
  }
}

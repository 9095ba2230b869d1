package io.quorate.runtime;

import io.quorate.spi.Check;
import io.quorate.spi.Effects;
import io.quorate.spi.Engine;
import io.quorate.spi.Entry;
import io.quorate.spi.Member;
import io.quorate.spi.Payload;
import io.quorate.spi.Stamp;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The engine of a replica that starts without its newest snapshot, because that is damaged. It says
 * nothing and hears nothing, as if the replica were down, and asks the other members in turn for a
 * snapshot; with the one that comes the protocol's engine begins, and does all from then on.
 */
/* Why mute, though the log and the saved record are there: who counts in the group stands in the
 * snapshot, and so does the state, without which a replica can neither lead nor answer. A replica
 * that was down for as long as the transfer takes is what every protocol tolerates, so nothing has
 * to be proved of it. ADR 17.
 */
final class MuteEngine<M> implements Engine<M> {
  private final Lost lost;
  private final List<Integer> members;
  private final IntPredicate isUp;
  private final long patienceNanos;
  private final Function<List<Entry>, Engine<M>> maker;
  private @Nullable Engine<M> engine;
  private List<Entry> configurations = List.of();
  private boolean stalled;
  private int turn;
  private long askAt;

  /**
   * What is not there.
   *
   * @param least the lowest index of a snapshot that the log goes on from
   * @param why where the damage is
   */
  record Lost(long least, String why) {}

  /**
   * Before the start.
   *
   * @param others the other members
   * @param isUp which of them can be asked
   * @param patienceNanos between two questions
   * @param maker of the protocol's engine, with the configurations that count; the log begins
   *     behind the snapshot then
   */
  MuteEngine(
      Lost lost,
      List<Integer> others,
      IntPredicate isUp,
      long patienceNanos,
      Function<List<Entry>, Engine<M>> maker) {
    this.lost = lost;
    this.members = others;
    this.isUp = isUp;
    this.patienceNanos = patienceNanos;
    this.maker = maker;
  }

  /** Whether no snapshot has come yet. */
  boolean isMute() {
    return engine == null;
  }

  /** While this is mute they are those in the log, too. */
  @Override
  public void configured(List<Entry> all) {
    configurations = all;
    if (engine != null) {
      engine.configured(all);
    }
  }

  @Override
  public void start(long now, Effects<M> out) {
    askAt = now;
  }

  @Override
  public void tick(long now, Effects<M> out) {
    if (engine != null) {
      engine.tick(now, out);
    } else if (now - askAt >= 0) {
      askAt = now + patienceNanos;
      ask(out);
    }
  }

  private void ask(Effects<M> out) {
    for (int tries = 0; tries < members.size(); tries++) {
      int member = members.get(turn);
      turn = (turn + 1) % members.size();
      if (isUp.test(member)) {
        out.needSnapshot(member, lost.least());
        return;
      }
    }
  }

  @Override
  public long deadline() {
    return engine == null ? askAt : engine.deadline();
  }

  @Override
  public void rebased(long now, boolean continued, Effects<M> out) {
    if (engine == null) {
      engine = maker.apply(configurations);
      engine.start(now, out);
      if (stalled) {
        engine.storageStalled(now, true, out);
      }
    }
    engine.rebased(now, continued, out);
  }

  @Override
  public void receive(long now, Member from, M message, Effects<M> out) {
    if (engine != null) {
      engine.receive(now, from, message, out);
    }
  }

  @Override
  public void propose(long now, Payload value, Effects<M> out) {
    leading().propose(now, value, out);
  }

  private Engine<M> leading() {
    Check.that(engine != null, "who has no state does not lead");
    return Objects.requireNonNull(engine);
  }

  @Override
  public void read(long now, long id, Effects<M> out) {
    if (engine == null) {
      out.unreadable(id);
    } else {
      engine.read(now, id, out);
    }
  }

  @Override
  public void readOfQuorum(long now, long id, Effects<M> out) {
    if (engine == null) {
      out.unreadable(id);
    } else {
      engine.readOfQuorum(now, id, out);
    }
  }

  @Override
  public void durable(long now, long ticket, Effects<M> out) {
    if (engine != null) {
      engine.durable(now, ticket, out);
    }
  }

  @Override
  public void fetched(long now, int to, List<Entry> entries, Effects<M> out) {
    if (engine != null) {
      engine.fetched(now, to, entries, out);
    }
  }

  @Override
  public void damaged(long now, long index, Effects<M> out) {
    if (engine != null) {
      engine.damaged(now, index, out);
    }
  }

  @Override
  public void peerLost(long now, int member, Effects<M> out) {
    if (engine != null) {
      engine.peerLost(now, member, out);
    }
  }

  @Override
  public void storageStalled(long now, boolean isStalled, Effects<M> out) {
    stalled = isStalled;
    if (engine != null) {
      engine.storageStalled(now, isStalled, out);
    }
  }

  @Override
  public void transfer(long now, int target, Effects<M> out) {
    if (engine == null) {
      out.transferFailed("this replica does not lead");
    } else {
      engine.transfer(now, target, out);
    }
  }

  @Override
  public Status status() {
    return engine != null
        ? engine.status()
        : new Status(
            "mute",
            0,
            Stamp.NONE,
            0,
            0,
            List.of(
                "the newest snapshot of this replica is damaged: it neither votes nor acknowledges"
                    + " before it has got one from another member. Look after the disk. "
                    + lost.why()));
  }
}

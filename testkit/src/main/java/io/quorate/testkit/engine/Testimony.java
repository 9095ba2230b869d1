package io.quorate.testkit.engine;

import io.quorate.spi.Check;
import io.quorate.spi.Stamp;
import io.quorate.testkit.Witness;
import java.util.function.Predicate;

/** ID1: what one message claims, held against its sender's disk at the moment when it leaves. */
final class Testimony implements Witness.Claims {
  /** In a log without holes the last ones stand for all: they are written in order. */
  private static final int LOOKED_AT = 6;

  private final EngineReplica<?> sender;
  private final Watch watch;
  private final Object message;

  Testimony(EngineReplica<?> sender, Watch watch, Object message) {
    this.sender = sender;
    this.watch = watch;
    this.message = message;
  }

  @Override
  public void entriesTo(long index) {
    long from = Math.max(sender.base().index(), index - LOOKED_AT) + 1;
    for (long at = from; at <= index; at++) {
      Check.that(
          sender.holds(at) && sender.holdsDurably(sender.entry(at)),
          "ID1 acknowledged before it is durable: " + sender + " " + message,
          at,
          index);
    }
  }

  @Override
  public void entry(long index, Stamp stamp) {
    holds(index, stamp);
    watch.accepts(sender.self(), index, stamp);
  }

  @Override
  public void holds(long index, Stamp stamp) {
    Check.that(
        index <= sender.base().index() || sender.holdsDurably(index, stamp),
        "ID1 told before it is durable: " + sender + " " + message,
        index,
        0);
  }

  @Override
  public void saved(String what, Predicate<byte[]> isTrue) {
    Check.that(
        isTrue.test(sender.savedDurably()),
        "ID1 told before it is saved: " + sender + " " + what + " " + message);
  }

  @Override
  public void promise(Stamp stamp) {
    watch.promises(sender.self(), stamp);
  }

  @Override
  public void vote(Stamp stamp, int candidate) {
    watch.votes(sender.self(), stamp, candidate);
  }
}

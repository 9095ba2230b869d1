package io.quorate.testkit.invariants;

import io.quorate.spi.Effects;
import io.quorate.spi.Engine;
import io.quorate.spi.Entry;
import io.quorate.spi.Member;
import io.quorate.spi.Payload;
import java.util.List;

/** An engine whose effects pass through {@link WatchedEffects}. */
public final class WatchedEngine<M> implements Engine<M> {
  private final Engine<M> engine;
  private final WatchedEffects<M> watched;

  public WatchedEngine(Engine<M> engine, WatchedEffects<M> watched) {
    this.engine = engine;
    this.watched = watched;
  }

  @Override
  public void start(long now, Effects<M> out) {
    engine.start(now, watched.over(now, engine, out));
  }

  @Override
  public void tick(long now, Effects<M> out) {
    engine.tick(now, watched.over(now, engine, out));
  }

  @Override
  public long deadline() {
    return engine.deadline();
  }

  @Override
  public void receive(long now, Member from, M message, Effects<M> out) {
    engine.receive(now, from, message, watched.over(now, engine, out));
  }

  @Override
  public void propose(long now, Payload value, Effects<M> out) {
    engine.propose(now, value, watched.over(now, engine, out));
  }

  @Override
  public void read(long now, long id, Effects<M> out) {
    engine.read(now, id, watched.over(now, engine, out));
  }

  @Override
  public void readOfQuorum(long now, long id, Effects<M> out) {
    engine.readOfQuorum(now, id, watched.over(now, engine, out));
  }

  @Override
  public void durable(long now, long ticket, Effects<M> out) {
    engine.durable(now, ticket, watched.over(now, engine, out));
  }

  @Override
  public void fetched(long now, int to, List<Entry> entries, Effects<M> out) {
    engine.fetched(now, to, entries, watched.over(now, engine, out));
  }

  @Override
  public void configured(List<Entry> configurations) {
    engine.configured(configurations);
  }

  @Override
  public void rebased(long now, boolean continued, Effects<M> out) {
    Effects<M> over = watched.over(now, engine, out);
    watched.rebased();
    engine.rebased(now, continued, over);
  }

  @Override
  public void damaged(long now, long index, Effects<M> out) {
    engine.damaged(now, index, watched.over(now, engine, out));
  }

  @Override
  public void peerLost(long now, int member, Effects<M> out) {
    engine.peerLost(now, member, watched.over(now, engine, out));
  }

  @Override
  public void storageStalled(long now, boolean stalled, Effects<M> out) {
    engine.storageStalled(now, stalled, watched.over(now, engine, out));
  }

  @Override
  public void transfer(long now, int target, Effects<M> out) {
    engine.transfer(now, target, watched.over(now, engine, out));
  }

  @Override
  public long wanted() {
    return engine.wanted();
  }

  @Override
  public Status status() {
    return engine.status();
  }
}

package io.quorate.testkit.invariants;

import io.quorate.spi.Base;
import io.quorate.spi.Effects;
import io.quorate.spi.Engine;
import io.quorate.spi.Entry;
import io.quorate.spi.LogView;
import io.quorate.spi.Member;
import io.quorate.spi.Stamp;
import io.quorate.testkit.Witness;
import io.quorate.testkit.world.Trace;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Passes an engine's effects on, and has each judged by {@link Laws} as it is put out. */
public final class WatchedEffects<M> implements Effects<M>, Witness.Claims {
  private final Seen seen;
  private final LogView log;
  private final Member self;
  private final Witness<M> witness;
  private final Laws laws;
  private final Trace trace;
  private @Nullable Engine<M> engine;
  private @Nullable Effects<M> out;
  private long commit;
  private long at;
  private @Nullable M testimony;

  public WatchedEffects(Engine.Setup setup, Witness<M> witness, Laws laws, Trace trace) {
    self = setup.self();
    log = setup.log();
    this.witness = witness;
    this.laws = laws;
    this.trace = trace;
    seen = new Seen();
    laws.starts(seen);
    rebased();
  }

  /** The replica, as the rules see it. */
  private final class Seen implements Observed {
    @Override
    public Member member() {
      return self;
    }

    @Override
    public LogView log() {
      return log;
    }

    @Override
    public Stamp stamp() {
      return engine == null ? Stamp.NONE : engine.status().stamp();
    }

    @Override
    public long commit() {
      return commit;
    }
  }

  /** For one input, at that time by the replica's clock. */
  public Effects<M> over(long now, Engine<M> of, Effects<M> below) {
    at = now;
    engine = of;
    out = below;
    return this;
  }

  private Effects<M> out() {
    if (out == null) {
      throw new IllegalStateException("no input is under way");
    }
    return out;
  }

  @Override
  public long write(Entry entry) {
    trace.entry("write", self.id(), entry.index(), entry.stamp());
    laws.writes(seen, entry);
    return out().write(entry);
  }

  @Override
  public long truncate(long from) {
    trace.entry("truncate", self.id(), from, null);
    laws.truncates(seen, from);
    return out().truncate(from);
  }

  @Override
  public long save(byte[] record) {
    trace.add("save", self.id(), record.length);
    return out().save(record);
  }

  @Override
  public void send(int to, M message) {
    trace.message(self.id(), to, message);
    testimony = message;
    witness.testifies(self, to, message, this);
    out().send(to, message);
  }

  @Override
  public void entriesTo(long index) {
    laws.testimony().entriesTo(seen, index, message());
  }

  @Override
  public void entry(long index, Stamp stamp) {
    laws.testimony().entry(seen, index, stamp, message());
    laws.accepts(seen, index, stamp);
  }

  @Override
  public void holds(long index, Stamp stamp) {
    laws.testimony().entry(seen, index, stamp, message());
  }

  @Override
  public void saved(String what, Predicate<byte[]> isTrue) {
    laws.testimony().saved(seen, what, isTrue, message());
  }

  @Override
  public void promise(Stamp stamp) {
    laws.promises(seen, stamp);
  }

  @Override
  public void vote(Stamp stamp, int candidate) {
    laws.votes(seen, stamp, candidate);
  }

  private M message() {
    if (testimony == null) {
      throw new IllegalStateException("no message is on its way");
    }
    return testimony;
  }

  @Override
  public void commit(long index) {
    trace.entry("commit", self.id(), index, null);
    laws.commits(seen, index);
    commit = index;
    out().commit(index);
  }

  /** The log begins further on, perhaps behind what this replica has committed. */
  void rebased() {
    Base base = log.base();
    trace.entry("rebase", self.id(), base.index(), base.stamp());
    if (base.index() > commit) {
      laws.restores(seen, base);
      commit = base.index();
    }
  }

  @Override
  public void needSnapshot(int from, long index) {
    trace.between("snapshot", self.id(), from, index);
    out().needSnapshot(from, index);
  }

  @Override
  public void readable(long id, long index) {
    trace.entry("readable", self.id(), index, null);
    out().readable(id, index);
  }

  @Override
  public void unreadable(long id) {
    trace.add("unreadable", self.id(), id);
    out().unreadable(id);
  }

  @Override
  public void lease(long since, long until) {
    trace.add("lease", self.id(), until - since);
    laws.leases(seen, until - at);
    out().lease(since, until);
  }

  @Override
  public void leader(int member, Stamp stamp) {
    trace.between("leader", self.id(), member, 0);
    trace.entry("stamp", self.id(), 0, stamp);
    laws.announces(seen, member, stamp);
    out().leader(member, stamp);
  }

  @Override
  public void transferFailed(String why) {
    trace.add("transferfailed", self.id(), 0);
    out().transferFailed(why);
  }

  @Override
  public void fetch(int to, long from, int maxBytes) {
    trace.between("fetch", self.id(), to, from);
    out().fetch(to, from, maxBytes);
  }
}

package io.quorate.testkit.invariants;

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
  private final Member self;
  private final LogView log;
  private final Witness<M> witness;
  private final Laws laws;
  private final Verdict verdict;
  private final Trace trace;
  private @Nullable Engine<M> engine;
  private @Nullable Effects<M> out;
  private long commit;
  private long proven;
  private @Nullable M testimony;

  public WatchedEffects(
      Engine.Setup setup, Witness<M> witness, Laws laws, Verdict verdict, Trace trace) {
    self = setup.self();
    log = setup.log();
    this.witness = witness;
    this.laws = laws;
    this.verdict = verdict;
    this.trace = trace;
  }

  /** For one input. */
  public Effects<M> over(Engine<M> of, Effects<M> below) {
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
    trace.add("write", self.id(), entry.index(), entry.stamp().high());
    long ticket = out().write(entry);
    laws.written(self, entry, log);
    return ticket;
  }

  @Override
  public long truncate(long from) {
    trace.add("truncate", self.id(), from, 0);
    laws.truncates(self, from, log);
    proven = Math.min(proven, from - 1);
    return out().truncate(from);
  }

  @Override
  public long save(byte[] record) {
    trace.add("save", self.id(), record.length, 0);
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
    SyncedImage image = laws.image(self.id());
    for (long i = proven + 1; i <= index; i++) {
      long at = i;
      verdict.check(
          log.holds(at) && image.holds(at, log.stampAt(at)),
          "DurableBeforeTestimony",
          () -> self + " sends " + testimony + ", but entry " + at + " is not durable");
    }
    proven = Math.max(proven, index);
  }

  @Override
  public void saved(String what, Predicate<byte[]> isTrue) {
    verdict.check(
        isTrue.test(laws.image(self.id()).saved()),
        "DurableBeforeTestimony",
        () -> self + " sends " + testimony + ", but its saved record is not durable: " + what);
  }

  @Override
  public void commit(long index) {
    trace.add("commit", self.id(), index, 0);
    Engine<M> of = engine;
    if (of != null) {
      laws.commits(self, commit + 1, index, of.status().stamp(), log);
    }
    commit = index;
    out().commit(index);
  }

  @Override
  public void readable(long id, long index) {
    trace.add("readable", self.id(), id, index);
    out().readable(id, index);
  }

  @Override
  public void unreadable(long id) {
    trace.add("unreadable", self.id(), id, 0);
    out().unreadable(id);
  }

  @Override
  public void leader(int member, Stamp stamp) {
    trace.add("leader", self.id(), member, stamp.high());
    if (member == self.id()) {
      laws.leads(self, stamp, log);
    }
    out().leader(member, stamp);
  }

  @Override
  public void fetch(int to, long from, int maxBytes) {
    trace.add("fetch", self.id(), to, from);
    out().fetch(to, from, maxBytes);
  }
}

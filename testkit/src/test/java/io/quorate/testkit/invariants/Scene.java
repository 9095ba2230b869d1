package io.quorate.testkit.invariants;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.spi.Base;
import io.quorate.spi.Entry;
import io.quorate.spi.LogStore;
import io.quorate.spi.LogView;
import io.quorate.spi.Member;
import io.quorate.spi.Payload;
import io.quorate.spi.Snapshots;
import io.quorate.spi.Stamp;
import io.quorate.storage.MemoryLog;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Replicas 1 to 3 that do what a test says, in front of one rule. */
final class Scene {
  final Verdict verdict = new Verdict();
  final Group group =
      new Group(Comparator.comparingLong(Stamp::high).thenComparingLong(Stamp::low));
  final Rule rule;
  private final Fake[] replicas = new Fake[4];

  Scene(Function<Scene, Rule> rule) {
    for (int id = 1; id <= 3; id++) {
      replicas[id] = new Fake(id);
      group.disk(id, replicas[id].image);
    }
    this.rule = rule.apply(this);
    for (int id = 1; id <= 3; id++) {
      restart(id);
    }
  }

  static Stamp term(long term) {
    return new Stamp(term, 0);
  }

  static Entry entry(long index, long term, String text) {
    return new Entry(1, index, Entry.Kind.BATCH, term(term), Payload.of(text.getBytes(UTF_8)));
  }

  Fake replica(int id) {
    return replicas[id];
  }

  void restart(int id) {
    replicas[id].commit = 0;
    group.starts(id);
    rule.starts(replicas[id]);
  }

  /** Restarts without its saved record; it has no entries. */
  Scene loseRecord(int id) {
    Fake replica = replicas[id];
    replica.image.found(new EmptyLog(replica.member.incarnation(), false, "somewhere"));
    restart(id);
    return this;
  }

  /** The value of that entry is damaged. */
  Scene spoil(int id, long index) {
    replicas[id].log.faulty.add(index);
    return this;
  }

  /** Written, and not yet synced. */
  Scene write(int id, Entry entry) {
    Fake replica = replicas[id];
    rule.writes(replica, entry);
    group.write(id, entry, replica.log);
    replica.log.entries.put(entry.index(), entry);
    replica.log.faulty.remove(entry.index());
    replica.image.write(entry);
    return this;
  }

  Scene write(int id, long index, long term) {
    return write(id, entry(index, term, index + "@" + term));
  }

  Scene writeAll(long index, long term) {
    for (int id = 1; id <= 3; id++) {
      write(id, index, term);
      sync(id);
    }
    return this;
  }

  Scene truncate(int id, long from) {
    rule.truncates(replicas[id], from);
    replicas[id].log.entries.tailMap(from, true).clear();
    replicas[id].image.truncate(from);
    return this;
  }

  Scene sync(int id) {
    replicas[id].image.synced();
    return this;
  }

  Scene commit(int id, long to) {
    rule.commits(replicas[id], to);
    group.commit(id, to, replicas[id].log);
    replicas[id].commit = to;
    return this;
  }

  /** The replica is in that term, without a word. */
  Scene in(int id, long term) {
    replicas[id].stamp = term(term);
    return this;
  }

  Scene announce(int id, int leader, long term) {
    in(id, term);
    rule.announces(replicas[id], leader, term(term));
    return this;
  }

  Scene lead(int id, long term) {
    return announce(id, id, term);
  }

  void holds() {
    assertNull(verdict.broken());
  }

  void breaks(String id) {
    String broken = verdict.broken();
    assertNotNull(broken, id + " was not found broken");
    assertTrue(broken.startsWith(id + " "), broken);
  }

  /** A replica without an engine. */
  static final class Fake implements Observed {
    final FakeLog log = new FakeLog();
    final SyncedImage image;
    private final int id;
    Member member;
    private Stamp stamp = Stamp.NONE;
    private long commit;

    Fake(int id) {
      this.id = id;
      member = new Member(id, 100 + id);
      image = new SyncedImage(new Verdict(), id);
      image.found(new EmptyLog(member.incarnation(), true, null));
    }

    /** Comes back from an empty disk. */
    void replaced() {
      member = new Member(id, member.incarnation() + 100);
    }

    @Override
    public Member member() {
      return member;
    }

    @Override
    public LogView log() {
      return log;
    }

    @Override
    public Stamp stamp() {
      return stamp;
    }

    @Override
    public long commit() {
      return commit;
    }
  }

  /** A log that does what it is told, with or without holes. */
  static final class FakeLog implements LogView {
    final TreeMap<Long, Entry> entries = new TreeMap<>();
    final TreeSet<Long> faulty = new TreeSet<>();

    @Override
    public boolean isFaulty(long index) {
      return faulty.contains(index);
    }

    @Override
    public Base base() {
      return Base.NONE;
    }

    @Override
    public long first() {
      return 1;
    }

    @Override
    public long last() {
      return entries.isEmpty() ? 0 : entries.lastKey();
    }

    @Override
    public boolean holds(long index) {
      return entries.containsKey(index);
    }

    @Override
    public Stamp stampAt(long index) {
      Entry entry = entries.get(index);
      return entry == null ? Stamp.NONE : entry.stamp();
    }

    @Override
    public @Nullable Entry resident(long index) {
      return entries.get(index);
    }
  }

  private record EmptyLog(long incarnation, boolean created, @Nullable String savedLost)
      implements LogStore.Group {
    @Override
    public LogStore.Recovered recovered() {
      return new LogStore.Recovered(
          incarnation,
          created,
          null,
          1,
          1,
          0,
          List.of(),
          List.of(),
          List.of(),
          savedLost,
          List.of());
    }

    @Override
    public void write(Entry entry) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void truncate(long epoch, long from) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void release(long epoch, long upTo) {}

    @Override
    public void seal(long epoch, long index, byte[] next) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void save(byte[] record) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void read(long epoch, long from, int maxBytes, LogStore.Sink sink) {}

    @Override
    public Snapshots snapshots() {
      return MemoryLog.create().open().group(1, 1, incarnation).snapshots();
    }
  }
}

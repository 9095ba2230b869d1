package io.quorate.testkit.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.spi.Base;
import io.quorate.spi.Check;
import io.quorate.spi.Effects;
import io.quorate.spi.Engine;
import io.quorate.spi.Entry;
import io.quorate.spi.LogView;
import io.quorate.spi.Member;
import io.quorate.spi.Payload;
import io.quorate.spi.Stamp;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One engine with its disk: what is written, what of it is durable, what it has put out.
 *
 * @param <M> the engine's messages
 */
public class EngineReplica<M> implements Effects<M>, LogView {
  /** Entries that somebody wants from the disk. */
  private record Fetch(int to, long from, int maxBytes) {}

  private final EngineGroup<M, ?> group;
  private final Member self;
  private final TreeMap<Long, Entry> written = new TreeMap<>();
  private final EngineDisk disk = new EngineDisk();
  private final ArrayDeque<Fetch> fetches = new ArrayDeque<>();
  private final TreeMap<Long, Long> readable = new TreeMap<>();
  private final List<Long> unreadable = new ArrayList<>();
  private final TreeSet<Long> faulty = new TreeSet<>();
  private @Nullable Engine<M> engine;
  private boolean up = true;
  private boolean instant;
  private long residentTail = Long.MAX_VALUE;
  private long commit;
  private int leader;
  private Stamp stamp = Stamp.NONE;
  private int saves;
  private boolean leased;
  private long leaseEnd;
  private Base base = Base.NONE;
  private long wanted;
  private final List<String> failedTransfers = new ArrayList<>();

  /** A replica with an empty disk. */
  protected EngineReplica(EngineGroup<M, ?> group, Member self) {
    this.group = group;
    this.self = self;
  }

  /** Makes the engine from what is durable. */
  void boot() {
    List<Entry> configurations =
        disk.durable().values().stream()
            .filter(entry -> !disk.isSpoiled(entry.index()))
            .filter(entry -> entry.kind() != Entry.Kind.BATCH && entry.kind() != Entry.Kind.LEAD)
            .toList();
    faulty.clear();
    faulty.addAll(disk.spoiled());
    engine =
        group
            .protocol()
            .engine(
                new Engine.Setup(
                    self,
                    1,
                    group.founding(),
                    configurations,
                    disk.saved(),
                    disk.isRecordLost(),
                    this,
                    group.random()));
  }

  /** What is on the disk before the first start; it counts as accepted here. */
  public void put(byte[] record, List<Entry> entries) {
    disk.put(record, entries);
    for (Entry entry : entries) {
      group.watch().writes(self, entry);
      group.watch().accepts(self, entry.index(), entry.stamp());
    }
    written.clear();
    written.putAll(disk.durable());
    boot();
  }

  // ---- life ----

  /** The power goes; of what was not durable, the first so many writes are. */
  public void crash(int survive) {
    disk.crash(survive, isSlotWise());
    fetches.clear();
    up = false;
    leased = false;
  }

  /** Begins another life with what was durable. */
  public void restart() {
    Check.that(!up, "only what is down restarts");
    written.clear();
    written.putAll(disk.durable());
    commit = 0;
    leader = 0;
    boot();
    up = true;
    start();
  }

  /**
   * From now on the value of that durable entry is damaged. It is found out by a restart, or when
   * the entry is read.
   */
  public void spoil(long index) {
    disk.spoil(index);
  }

  /** Not the value was damaged, but the read had failed: the next one succeeds. */
  public void readsAgain(long index) {
    disk.mend(index);
  }

  EngineDisk disk() {
    return disk;
  }

  /** Its saved record is damaged; a restart finds it out. */
  public void loseRecord() {
    disk.loseRecord();
    group.watch().forgets(self);
  }

  /** Whether it has not crashed. */
  public boolean isUp() {
    return up;
  }

  // ---- inputs ----

  /** The first input. */
  public void start() {
    engine().start(group.now(), this);
    settleDisk();
  }

  /** Tells the time. */
  public void tick() {
    engine().tick(group.now(), this);
    settleDisk();
  }

  /** A message arrives, as bytes; whatever the group's network does. */
  public void receive(Member from, M message) {
    List<Payload> values = new ArrayList<>();
    byte[] header = group.protocol().encode(message, values);
    ByteBuffer bytes = ByteBuffer.allocate(values.stream().mapToInt(Payload::length).sum());
    values.forEach(value -> bytes.put(value.buffer()));
    M decoded = group.protocol().decode(ByteBuffer.wrap(header), bytes.flip());
    Check.that(decoded.equals(message), "a message survives the wire: " + message);
    engine().receive(group.now(), from, decoded, this);
    settleDisk();
  }

  /** Proposes a value. */
  public void propose(String value) {
    propose(Payload.of(value.getBytes(UTF_8)));
  }

  /** Proposes a value. */
  public void propose(Payload value) {
    engine().propose(group.now(), value, this);
    settleDisk();
  }

  /** Asks for a read; {@link EngineGroup#read} also checks that it is not stale. */
  public void read(long id) {
    engine().read(group.now(), id, this);
    settleDisk();
  }

  /** Asks a quorum for a read. */
  public void readOfQuorum(long id) {
    engine().readOfQuorum(group.now(), id, this);
    settleDisk();
  }

  /** Asks it to hand leadership over; 0 for whoever it likes. */
  public void transfer(int target) {
    engine().transfer(group.now(), target, this);
    settleDisk();
  }

  /** Why transfers have come to nothing. */
  public List<String> failedTransfers() {
    return failedTransfers;
  }

  /** It has a snapshot up to there, durably, taken here or by another; the log begins behind it. */
  public void rebase(Base to) {
    boolean continued = holds(to.index()) && stampAt(to.index()).equals(to.stamp());
    base = to;
    written.headMap(to.index(), true).clear();
    disk.rebase(to.index());
    commit = Math.max(commit, to.index());
    engine().rebased(group.now(), continued, this);
    settleDisk();
  }

  /** The same with a snapshot of another, which has that founding entry. */
  public void install(Base to, Entry founding) {
    engine().configured(List.of(founding));
    rebase(to);
  }

  /** What the snapshot that it has asked for last has to include; 0 if it never has. */
  public long wantedSnapshot() {
    return wanted;
  }

  /** Its connection to another broke. */
  public void peerLost(int member) {
    engine().peerLost(group.now(), member, this);
    settleDisk();
  }

  /** Completes that many writes and reports the last one's ticket. */
  public void sync(int writes) {
    long ticket = disk.sync(writes, isSlotWise());
    if (ticket > 0) {
      engine().durable(group.now(), ticket, this);
    }
  }

  /** All becomes durable, and what follows from that. */
  public void sync() {
    while (disk.waiting() > 0) {
      sync(disk.waiting());
    }
  }

  /** How many writes are not durable. */
  public int waitingWrites() {
    return disk.waiting();
  }

  /** From now on all is durable as soon as it is written, or no more. */
  public void instantDisk(boolean isInstant) {
    instant = isInstant;
  }

  private void settleDisk() {
    if (instant) {
      sync();
    }
  }

  /** Of what is durable only so many entries behind the others stay in memory. */
  public void keepResident(long tail) {
    residentTail = tail;
  }

  /** Whether it waits for entries from its disk. */
  public boolean isFetching() {
    return !fetches.isEmpty();
  }

  /** Its disk answers the oldest question. */
  public void answerFetch() {
    Fetch fetch = fetches.removeFirst();
    List<Entry> entries = new ArrayList<>();
    long bytes = 0;
    for (long index = fetch.from(); holds(index) && (bytes == 0 || bytes < fetch.maxBytes()); ) {
      Entry entry = entry(index);
      if (disk.isSpoiled(index) && !disk.isBeingWritten(index)) {
        if (faulty.add(index)) {
          engine().damaged(group.now(), index, this);
        }
        break;
      }
      entries.add(entry);
      bytes += entry.weight();
      index++;
    }
    engine().fetched(group.now(), fetch.to(), entries, this);
    settleDisk();
  }

  // ---- what it has ----

  /** The member that it is. */
  public Member self() {
    return self;
  }

  /** The engine of its present life. */
  public Engine<M> engine() {
    Engine<M> made = engine;
    if (made == null) {
      throw new IllegalStateException(self + " is of no group and has no disk");
    }
    return made;
  }

  /** The record that a restart would find; empty if none was saved. */
  public byte[] savedDurably() {
    byte[] record = disk.saved();
    return record == null ? new byte[0] : record;
  }

  /** Whether a restart would find that entry. */
  public boolean holdsDurably(Entry entry) {
    return entry.equals(disk.durable().get(entry.index())) && !disk.isSpoiled(entry.index());
  }

  /** The same, or would find that its value is damaged. */
  boolean heldDurably(Entry entry) {
    return entry.equals(disk.durable().get(entry.index()));
  }

  /** Whether a restart would find an entry with that stamp. */
  public boolean holdsDurably(long index, Stamp stamp) {
    Entry entry = disk.durable().get(index);
    return entry != null && entry.stamp().equals(stamp) && !disk.isSpoiled(index);
  }

  /** The entry at an index that is held. */
  public Entry entry(long index) {
    Entry entry = written.get(index);
    if (entry == null) {
      throw new IllegalStateException(this + " holds nothing at " + index);
    }
    return entry;
  }

  /** All entries, in order. */
  public List<Entry> entries() {
    return List.copyOf(written.values());
  }

  /** The values of batches up to the commit index. */
  public List<String> applied() {
    return written.headMap(commit, true).values().stream()
        .filter(entry -> entry.kind() == Entry.Kind.BATCH)
        .map(entry -> new String(entry.value().toByteArray(), UTF_8))
        .toList();
  }

  /** Whether it takes itself for the leader. */
  public boolean leads() {
    return up && engine().status().role().equals("leader");
  }

  /** Whether it takes commands. */
  public boolean isOpen() {
    return up && leader == self.id();
  }

  /** Whether it may answer reads alone now. */
  public boolean holdsLease() {
    return up && leased && group.now() - leaseEnd < 0;
  }

  /** Up to where it has committed in this life. */
  public long commit() {
    return commit;
  }

  /** Who leads, as it has said last; 0 for nobody. */
  public int leader() {
    return leader;
  }

  /** Under which stamp. */
  public Stamp stamp() {
    return stamp;
  }

  /** How often it has saved its record, in all lives. */
  public int saves() {
    return saves;
  }

  /** The reads that were confirmed, and what each has to wait for. */
  public Map<Long, Long> readable() {
    return readable;
  }

  /** The reads that were not. */
  public List<Long> unreadable() {
    return unreadable;
  }

  private boolean isSlotWise() {
    return group.watch().isSlotWise();
  }

  // ---- effects ----

  @Override
  public long write(Entry entry) {
    Check.that(
        isSlotWise() || entry.index() == last() + 1 || isFaulty(entry.index()),
        "a log without holes is in order");
    Entry before = written.get(entry.index());
    Check.that(
        before == null || entry.index() > commit || before.value().equals(entry.value()),
        "IC23 a committed value stays: " + before + " " + entry,
        entry.index(),
        commit);
    group.watch().writes(self, entry);
    written.put(entry.index(), entry);
    faulty.remove(entry.index());
    return disk.write(entry);
  }

  @Override
  public long truncate(long from) {
    Check.that(!isSlotWise(), "IP5 nothing is removed", from, last());
    Check.that(from > commit, "IC2 committed entries are never removed: " + this, from, commit);
    written.tailMap(from, true).clear();
    faulty.tailSet(from, true).clear();
    return disk.truncate(from);
  }

  @Override
  public long save(byte[] record) {
    saves++;
    return disk.save(record);
  }

  @Override
  public void send(int to, M message) {
    group.sent(this, to, message);
  }

  @Override
  public void commit(long index) {
    Check.that(index > commit, "IC1 commit grows", index, commit);
    Long damaged = faulty.higher(commit);
    Check.that(
        damaged == null || damaged > index, "IC3 what is committed anew is whole", index, commit);
    group.checkLeases(this, index);
    long from = commit + 1;
    commit = index;
    group.watch().commits(this, from, index, group.replicas());
  }

  @Override
  public void readable(long id, long index) {
    Check.that(readable.put(id, index) == null, "a read is answered once");
    group.watch().readable(this, id, index);
  }

  @Override
  public void unreadable(long id) {
    unreadable.add(id);
  }

  @Override
  public void lease(long since, long until) {
    Check.that(since - group.now() <= 0, "a lease begins when its round was sent");
    leaseEnd = until;
    leased = true;
  }

  @Override
  public void leader(int member, Stamp stamp) {
    leased = false;
    leader = member;
    this.stamp = stamp;
  }

  @Override
  public void transferFailed(String why) {
    failedTransfers.add(why);
  }

  @Override
  public void fetch(int to, long from, int maxBytes) {
    fetches.add(new Fetch(to, from, maxBytes));
  }

  @Override
  public void needSnapshot(int from, long index) {
    wanted = index;
  }

  // ---- log view ----

  @Override
  public Base base() {
    return base;
  }

  @Override
  public long first() {
    return written.isEmpty() ? base.index() + 1 : written.firstKey();
  }

  @Override
  public long last() {
    return written.isEmpty() ? base.index() : written.lastKey();
  }

  @Override
  public boolean holds(long index) {
    return written.containsKey(index);
  }

  @Override
  public Stamp stampAt(long index) {
    return index == base.index() ? base.stamp() : entry(index).stamp();
  }

  @Override
  public @Nullable Entry resident(long index) {
    Entry entry = entry(index);
    boolean old = last() - index > residentTail && !disk.isBeingWritten(index);
    return old || isFaulty(index) ? null : entry;
  }

  @Override
  public boolean isFaulty(long index) {
    return faulty.contains(index);
  }

  @Override
  public long firstFaulty() {
    return faulty.isEmpty() ? NONE_FAULTY : faulty.first();
  }

  @Override
  public String toString() {
    return "n" + self.id();
  }
}

package io.quorate.raft;

import io.quorate.spi.Check;
import io.quorate.spi.Configuration;
import io.quorate.spi.Effects;
import io.quorate.spi.Engine;
import io.quorate.spi.Entry;
import io.quorate.spi.LogView;
import io.quorate.spi.Member;
import io.quorate.spi.Payload;
import io.quorate.spi.Stamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One engine with its disk: what is written, what of it is durable, what it has put out. */
final class Node implements Effects<RaftMessage>, LogView {
  /**
   * One write on its way to the disk; {@code entry} and {@code record} are both null if truncated.
   */
  private record Write(long ticket, long from, @Nullable Entry entry, byte @Nullable [] record) {}

  final Group group;
  final Member self;
  final TreeMap<Long, Long> readable = new TreeMap<>();
  final List<Long> unreadable = new ArrayList<>();
  final List<long[]> fetches = new ArrayList<>();
  private final List<Entry> written = new ArrayList<>();
  private final List<Entry> durable = new ArrayList<>();
  private final List<Write> disk = new ArrayList<>();
  private byte @Nullable [] savedRecord;
  private long nextTicket = 1;

  RaftEngine engine;
  boolean up = true;
  boolean autoDurable;
  long residentTail = Long.MAX_VALUE;
  long commit;
  int leader;
  Stamp stamp = Stamp.NONE;
  int saves;

  Node(Group group, Member self) {
    this.group = group;
    this.self = self;
    engine = make();
  }

  private RaftEngine make() {
    List<Entry> configurations = durable.isEmpty() ? List.of() : List.of(durable.get(0));
    return (RaftEngine)
        group.protocol.engine(
            new Engine.Setup(
                self,
                1,
                group.founding,
                configurations,
                savedRecord,
                this,
                new Random(group.random.nextLong())));
  }

  /** What is on the disk before the first start. */
  void put(long term, @Nullable Member votedFor, List<Entry> entries) {
    savedRecord = RaftCodec.encodeRecord(new RaftRecord(term, votedFor));
    durable.clear();
    durable.addAll(entries);
    written.clear();
    written.addAll(entries);
    engine = make();
  }

  // ---- life ----

  void crash(int survive) {
    for (int i = 0; i < survive && !disk.isEmpty(); i++) {
      persist(disk.remove(0));
    }
    disk.clear();
    fetches.clear();
    up = false;
  }

  void restart() {
    Check.that(!up, "only what is down restarts");
    written.clear();
    written.addAll(durable);
    commit = 0;
    leader = 0;
    engine = make();
    up = true;
    engine.start(group.now, this);
    settleDisk();
  }

  // ---- inputs ----

  void tick() {
    engine.tick(group.now, this);
    settleDisk();
  }

  void receive(Member from, RaftMessage message) {
    List<Payload> values = new ArrayList<>();
    byte[] header = RaftCodec.encode(message, values);
    int length = values.stream().mapToInt(Payload::length).sum();
    java.nio.ByteBuffer bytes = java.nio.ByteBuffer.allocate(length);
    values.forEach(value -> bytes.put(value.buffer()));
    RaftMessage decoded = RaftCodec.decode(java.nio.ByteBuffer.wrap(header), bytes.flip());
    Check.that(decoded.equals(message), "a message survives the wire: " + message);
    engine.receive(group.now, from, decoded, this);
    settleDisk();
  }

  void propose(String value) {
    engine.propose(
        group.now, Payload.of(value.getBytes(java.nio.charset.StandardCharsets.UTF_8)), this);
    settleDisk();
  }

  void read(long id) {
    engine.read(group.now, id, this);
    settleDisk();
  }

  void peerLost(int member) {
    engine.peerLost(group.now, member, this);
    settleDisk();
  }

  /** Completes that many writes and reports the last one's ticket. */
  void sync(int writes) {
    long ticket = 0;
    for (int i = 0; i < writes && !disk.isEmpty(); i++) {
      Write write = disk.remove(0);
      persist(write);
      ticket = write.ticket();
    }
    if (ticket > 0) {
      engine.durable(group.now, ticket, this);
    }
  }

  void sync() {
    while (!disk.isEmpty()) {
      sync(disk.size());
    }
  }

  int waitingWrites() {
    return disk.size();
  }

  void answerFetch() {
    long[] fetch = fetches.remove(0);
    List<Entry> entries = new ArrayList<>();
    long bytes = 0;
    for (long i = fetch[1]; i <= written.size() && (bytes == 0 || bytes < fetch[2]); i++) {
      entries.add(entry(i));
      bytes += entry(i).weight();
    }
    engine.fetched(group.now, (int) fetch[0], entries, this);
    settleDisk();
  }

  private void settleDisk() {
    if (autoDurable) {
      sync();
    }
  }

  private void persist(Write write) {
    byte[] record = write.record();
    Entry entry = write.entry();
    if (record != null) {
      savedRecord = record;
    } else if (entry != null) {
      Check.that(entry.index() == durable.size() + 1, "disk: entries in order");
      durable.add(entry);
    } else {
      durable.subList((int) write.from() - 1, durable.size()).clear();
    }
  }

  // ---- what the disk holds ----

  RaftRecord durableRecord() {
    byte[] record = savedRecord;
    return record == null ? RaftRecord.NONE : RaftCodec.decodeRecord(record);
  }

  boolean holdsDurably(Entry entry) {
    return entry.index() <= durable.size() && durable.get((int) entry.index() - 1).equals(entry);
  }

  Entry entry(long index) {
    return written.get((int) index - 1);
  }

  List<Entry> entries() {
    return written;
  }

  /** Terms of the whole log, as in the figures of the dissertation. */
  List<Long> terms() {
    return written.stream().map(entry -> entry.stamp().high()).toList();
  }

  /** The values of batches up to the commit index. */
  List<String> applied() {
    return written.subList(0, (int) commit).stream()
        .filter(entry -> entry.kind() == Entry.Kind.BATCH)
        .map(
            entry ->
                new String(entry.value().toByteArray(), java.nio.charset.StandardCharsets.UTF_8))
        .toList();
  }

  boolean leads() {
    return up && engine.status().role().equals("leader");
  }

  boolean isOpen() {
    return up && leader == self.id();
  }

  long term() {
    return engine.status().stamp().high();
  }

  // ---- effects ----

  @Override
  public long write(Entry entry) {
    Check.that(entry.index() == written.size() + 1, "written in order");
    written.add(entry);
    disk.add(new Write(nextTicket, 0, entry, null));
    return nextTicket++;
  }

  @Override
  public long truncate(long from) {
    group.truncated(this, from);
    written.subList((int) from - 1, written.size()).clear();
    disk.add(new Write(nextTicket, from, null, null));
    return nextTicket++;
  }

  @Override
  public long save(byte[] record) {
    saves++;
    disk.add(new Write(nextTicket, 0, null, record));
    return nextTicket++;
  }

  @Override
  public void send(int to, RaftMessage message) {
    group.sent(this, to, message);
  }

  @Override
  public void commit(long index) {
    Check.that(index > commit, "commit grows", index, commit);
    commit = index;
    group.committed(this, index);
  }

  @Override
  public void readable(long id, long index) {
    Check.that(readable.put(id, index) == null, "a read is answered once");
    group.readable(this, id, index);
  }

  @Override
  public void unreadable(long id) {
    unreadable.add(id);
  }

  @Override
  public void leader(int member, Stamp stamp) {
    leader = member;
    this.stamp = stamp;
  }

  @Override
  public void fetch(int to, long from, int maxBytes) {
    fetches.add(new long[] {to, from, maxBytes});
  }

  // ---- log view ----

  @Override
  public long first() {
    return 1;
  }

  @Override
  public long last() {
    return written.size();
  }

  @Override
  public boolean holds(long index) {
    return index >= 1 && index <= written.size();
  }

  @Override
  public Stamp stampAt(long index) {
    return index == 0 ? Stamp.NONE : entry(index).stamp();
  }

  @Override
  public @Nullable Entry resident(long index) {
    Check.that(holds(index), "asked for what is held", index, last());
    boolean old = index <= durable.size() && index + residentTail < last();
    return old ? null : entry(index);
  }

  @Override
  public String toString() {
    return "n" + self.id();
  }

  static Configuration founding(int voters) {
    List<Configuration.Voter> named = new ArrayList<>();
    for (int id = 1; id <= voters; id++) {
      named.add(new Configuration.Voter(new Member(id, 0), "n" + id + ":7000"));
    }
    return new Configuration(new java.util.UUID(7, 7), 1, "raft", named, 0, 0, 0);
  }
}

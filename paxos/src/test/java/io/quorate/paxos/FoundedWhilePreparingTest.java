package io.quorate.paxos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.paxos.PaxosMessage.CatchupResponse;
import io.quorate.paxos.PaxosMessage.PollReply;
import io.quorate.paxos.PaxosMessage.Prepare;
import io.quorate.paxos.PaxosMessage.Promise;
import io.quorate.spi.Configuration;
import io.quorate.spi.Configuration.Voter;
import io.quorate.spi.Effects;
import io.quorate.spi.Engine;
import io.quorate.spi.Entry;
import io.quorate.spi.LogView;
import io.quorate.spi.Member;
import io.quorate.spi.Stamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A proposer that prepares while it learns that the group is founded, and by whom. */
class FoundedWhilePreparingTest implements Effects<PaxosMessage>, LogView {
  private static final long NOW = 1_000_000_000L;

  private final TreeMap<Long, Entry> log = new TreeMap<>();
  private final List<PaxosMessage> sent = new ArrayList<>();
  private long ticket;
  private long committed;
  private int leader;
  private final PaxosEngine engine =
      (PaxosEngine)
          MultiPaxos.protocol()
              .engine(
                  new Engine.Setup(
                      member(1), 1, configuration(0), List.of(), record(), this, new Random(17)));

  /** It has promised the ballot that founds the group, like all others. */
  private static byte[] record() {
    return PaxosCodec.encodeRecord(new PaxosRecord(new Ballot(1, 2), 0, false));
  }

  private static Member member(int id) {
    return new Member(id, 10L * id);
  }

  /** Another one under the id of a founder, whose disk was wiped. */
  private static Member wiped(int id) {
    return new Member(id, 10L * id + 1);
  }

  private static Configuration configuration(long incarnations) {
    List<Voter> voters =
        IntStream.rangeClosed(1, 5)
            .mapToObj(id -> new Voter(new Member(id, incarnations * id), "host" + id + ":1"))
            .toList();
    return new Configuration(new UUID(1, 2), 1, "paxos", voters, 0, 0, 0);
  }

  @Test
  void aPromiseOfAWipedMemberThatCameBeforeTheFoundingEntryDoesNotCount() {
    engine.start(0, this);
    engine.tick(2 * NOW, this);
    long token = ((PaxosMessage.Poll) sent.get(0)).token();
    for (int id = 2; id <= 5; id++) {
      engine.receive(2 * NOW, wiped(id), new PollReply(token, true, 0), this);
    }
    engine.durable(2 * NOW, ticket, this);
    Prepare prepare =
        (Prepare) sent.stream().filter(Prepare.class::isInstance).findFirst().orElseThrow();
    promises(wiped(4), prepare);
    promises(wiped(5), prepare);
    Entry founding =
        new Entry(1, 1, Entry.Kind.FOUNDING, new Stamp(1, 2), configuration(10).encode());
    engine.receive(2 * NOW, member(2), new CatchupResponse(List.of(founding), 1), this);
    assertEquals(1, committed, "it knows who founded the group");
    promises(member(3), prepare);
    assertEquals(0, leader(), "two of the five that founded the group have promised");
    promises(member(2), prepare);
    assertTrue(log.size() > 1 && engine.proposer.leading() != null, "three have");
  }

  private int leader() {
    return engine.proposer.leading() != null ? 1 : leader;
  }

  private void promises(Member from, Prepare prepare) {
    Promise promise =
        new Promise(
            prepare.ballot(), prepare.attempt(), 0, true, 0, false, false, List.of(), List.of());
    engine.receive(2 * NOW, from, promise, this);
  }

  // ---- the log ----

  @Override
  public long first() {
    return log.isEmpty() ? 1 : log.firstKey();
  }

  @Override
  public long last() {
    return log.isEmpty() ? 0 : log.lastKey();
  }

  @Override
  public boolean holds(long index) {
    return log.containsKey(index);
  }

  @Override
  public Stamp stampAt(long index) {
    Entry entry = log.get(index);
    return entry == null ? Stamp.NONE : entry.stamp();
  }

  @Override
  public @Nullable Entry resident(long index) {
    return log.get(index);
  }

  // ---- effects ----

  @Override
  public long write(Entry entry) {
    log.put(entry.index(), entry);
    return ++ticket;
  }

  @Override
  public long truncate(long from) {
    throw new AssertionError(from);
  }

  @Override
  public long save(byte[] record) {
    return ++ticket;
  }

  @Override
  public void send(int to, PaxosMessage message) {
    sent.add(message);
  }

  @Override
  public void commit(long index) {
    committed = index;
  }

  @Override
  public void readable(long id, long index) {}

  @Override
  public void unreadable(long id) {}

  @Override
  public void leader(int member, Stamp stamp) {
    leader = member;
  }

  @Override
  public void fetch(int to, long from, int maxBytes) {
    throw new AssertionError(from);
  }
}

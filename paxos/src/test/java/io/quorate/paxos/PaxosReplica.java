package io.quorate.paxos;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.spi.Entry;
import io.quorate.spi.Member;
import io.quorate.testkit.engine.EngineReplica;
import java.util.List;

/** One engine with its disk, and what a test of Multi-Paxos asks it. */
final class PaxosReplica extends EngineReplica<PaxosMessage> {
  PaxosReplica(Group group, Member self) {
    super(group, self);
  }

  /** What is on the disk of a formed group's member before the first start. */
  void put(Ballot promised, long chosenTo, List<Entry> slots) {
    put(PaxosCodec.encodeRecord(new PaxosRecord(promised, chosenTo, true)), slots);
  }

  @Override
  public PaxosEngine engine() {
    return (PaxosEngine) super.engine();
  }

  PaxosRecord durableRecord() {
    byte[] record = savedDurably();
    return record.length == 0 ? PaxosRecord.NONE : PaxosCodec.decodeRecord(record);
  }

  Ballot promised() {
    return Ballot.of(engine().status().stamp());
  }

  String role() {
    return engine().status().role();
  }

  boolean isChosen(long slot) {
    return engine().learner.isChosen(slot);
  }

  /** All slots that are held, as {@link #said}. */
  List<String> slots() {
    return entries().stream().map(PaxosReplica::said).toList();
  }

  /** The slot, and what {@link #said} says of it. */
  String slot(long slot) {
    return holds(slot) ? said(entry(slot)) : slot + " empty";
  }

  /** A slot in words: {@code 7 c7@1.2}, {@code 3 Lead@2.1}, {@code 4 no-op@2.1}. */
  static String said(Entry entry) {
    String what =
        switch (entry.kind()) {
          case BATCH -> new String(entry.value().toByteArray(), UTF_8);
          case LEAD -> entry.value().length() == 0 ? "no-op" : "Lead";
          default -> entry.kind().toString();
        };
    return entry.index() + " " + what + "@" + Ballot.of(entry.stamp());
  }
}

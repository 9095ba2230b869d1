package io.quorate.raft;

import io.quorate.spi.Entry;
import io.quorate.spi.Member;
import io.quorate.testkit.engine.EngineReplica;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One engine with its disk, and what a test of Raft asks it. */
final class RaftReplica extends EngineReplica<RaftMessage> {
  RaftReplica(Group group, Member self) {
    super(group, self);
  }

  /** What is on the disk before the first start. */
  void put(long term, @Nullable Member votedFor, List<Entry> entries) {
    put(RaftCodec.encodeRecord(new RaftRecord(term, votedFor)), entries);
  }

  RaftRecord durableRecord() {
    byte[] record = savedDurably();
    return record.length == 0 ? RaftRecord.NONE : RaftCodec.decodeRecord(record);
  }

  /** Terms of the whole log, as in the figures of the dissertation. */
  List<Long> terms() {
    return entries().stream().map(entry -> entry.stamp().high()).toList();
  }

  long term() {
    return engine().status().stamp().high();
  }
}

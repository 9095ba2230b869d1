package io.quorate.raft;

import io.quorate.spi.Protocol;
import io.quorate.testkit.ConsensusSeeds;
import io.quorate.testkit.Witness;

/** Raft under whatever the simulator can do. */
class RaftSimTest extends ConsensusSeeds<RaftMessage> {
  @Override
  public Protocol<RaftMessage> protocol() {
    return Raft.protocol();
  }

  @Override
  public Witness<RaftMessage> witness() {
    return new RaftWitness();
  }

  /** Seeds of a range until the first that fails, which it names. */
  public static void main(String[] range) {
    new RaftSimTest().runRange(range);
  }
}

package io.quorate.raft;

import io.quorate.spi.Protocol;
import io.quorate.testkit.ConsensusScenarios;
import io.quorate.testkit.Witness;

/** Raft holds what every protocol has to. */
class RaftConsensusTest extends ConsensusScenarios<RaftMessage> {
  @Override
  public Protocol<RaftMessage> protocol() {
    return Raft.protocol();
  }

  @Override
  public Witness<RaftMessage> witness() {
    return new RaftWitness();
  }
}

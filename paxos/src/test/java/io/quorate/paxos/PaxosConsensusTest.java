package io.quorate.paxos;

import io.quorate.spi.Protocol;
import io.quorate.testkit.ConsensusScenarios;
import io.quorate.testkit.Witness;

/** Multi-Paxos holds what every protocol has to. */
class PaxosConsensusTest extends ConsensusScenarios<PaxosMessage> {
  @Override
  public Protocol<PaxosMessage> protocol() {
    return MultiPaxos.protocol();
  }

  @Override
  public Witness<PaxosMessage> witness() {
    return new PaxosWitness();
  }
}

package io.quorate.paxos;

import io.quorate.spi.Protocol;
import io.quorate.testkit.ConsensusSeeds;
import io.quorate.testkit.Witness;

/** Multi-Paxos under whatever the simulator can do. */
class PaxosSimTest extends ConsensusSeeds<PaxosMessage> {
  @Override
  public Protocol<PaxosMessage> protocol() {
    return MultiPaxos.protocol();
  }

  @Override
  public Witness<PaxosMessage> witness() {
    return new PaxosWitness();
  }

  /** Seeds of a range until the first that fails, which it names. */
  public static void main(String[] range) {
    new PaxosSimTest().runRange(range);
  }
}

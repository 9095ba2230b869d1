package io.quorate.testkit;

/**
 * What has to hold for every protocol, whoever leads it and however it counts. Extend it and say
 * which protocol; what is that protocol's alone stands in tests of its own.
 *
 * <pre>{@code
 * class RaftConsensusTest extends ConsensusScenarios<RaftMessage> {
 *   @Override public Protocol<RaftMessage> protocol() { return Raft.protocol(); }
 *   @Override public Witness<RaftMessage> witness() { return new RaftWitness(); }
 * }
 * }</pre>
 *
 * @param <M> the engine's messages
 */
/* The scenarios see a group from outside: who leads, what is acknowledged, what is applied. None of
 * them knows a term, a ballot or a message; a stamp is looked at for growth alone. They stand in
 * eleven interfaces, for the size of the files.
 */
public abstract class ConsensusScenarios<M>
    implements LeaderScenarios<M>,
        ServiceScenarios<M>,
        CallerScenarios<M>,
        DurabilityScenarios<M>,
        DiskScenarios<M>,
        DamageScenarios<M>,
        SnapshotScenarios<M>,
        RestoreScenarios<M>,
        TransferScenarios<M>,
        StaleScenarios<M>,
        LeaseScenarios<M> {
  /** For the protocol's class. */
  protected ConsensusScenarios() {}
}

package io.quorate.paxos;

import io.quorate.spi.Check;

/**
 * What survives a restart beside the accepted values; saved atomically.
 *
 * @param promised no Prepare or Accept below this ballot is answered. A proposer promises its
 *     ballot to itself before it asks anybody else, so this is also the highest round that it has
 *     used
 * @param chosenTo all slots up to there are chosen, and their values durable here; may lag
 * @param formed all founding voters have held the founding entry durably
 */
record PaxosRecord(Ballot promised, long chosenTo, boolean formed) {
  static final PaxosRecord NONE = new PaxosRecord(Ballot.NONE, 0, false);

  PaxosRecord {
    Check.that(chosenTo >= 0, "a slot is not below 0", chosenTo, 0);
  }
}

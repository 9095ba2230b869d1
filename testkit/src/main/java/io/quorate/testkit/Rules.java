package io.quorate.testkit;

/** Which of the rules of docs/invariants.md hold for a protocol, beside those that always do. */
public enum Rules {
  /** None beside those: for who tests a state machine, not a protocol. */
  COMMON,

  /**
   * A log without holes that equals its leader's: entries follow one another, a conflict removes
   * the rest, what is committed is a prefix. Raft.
   */
  LOG_SHAPED,

  /**
   * Each place is agreed on by itself: with holes, in any order, written again under later stamps,
   * never removed. Multi-Paxos.
   */
  SLOT_WISE
}

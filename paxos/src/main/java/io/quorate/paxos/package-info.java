/**
 * Multi-Paxos, as in Leslie Lamport's "Paxos Made Simple" (2001), for a sequence of slots.
 *
 * <p>{@link io.quorate.paxos.MultiPaxos} is the one public type. For those who want to know how it
 * works, docs/paxos.md reads beside the paper. {@code Synod} has the rules of one slot as
 * functions, {@code PaxosEngine} hands each input to a role: {@code Acceptor}, {@code Proposer}
 * (which is {@code Preparing} or {@code Leading} a ballot), {@code Learner} or {@code
 * LeaderElection}. The engine is pure: no thread, lock, clock, I/O, logging or randomness of its
 * own. Rule ids (IP, ID) are those of docs/invariants.md, scenario ids (P) those of
 * docs/scenarios.md.
 */
@NullMarked
package io.quorate.paxos;

import org.jspecify.annotations.NullMarked;

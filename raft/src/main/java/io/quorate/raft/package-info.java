/**
 * Raft, as in Diego Ongaro's dissertation "Consensus: Bridging Theory and Practice" (2014).
 *
 * <p>{@link io.quorate.raft.Raft} is the one public type. For those who want to know how it works,
 * {@code RaftEngine} is the place to begin: it levels terms, and hands each input to {@code Voting}
 * or to the role of the moment, {@code Follower}, {@code Candidate} or {@code Leader}. The engine
 * is pure: no thread, lock, clock, I/O, logging or randomness of its own. Rule ids (IR, ID) are
 * those of docs/invariants.md, scenario ids (E, R, Q) those of docs/scenarios.md. docs/raft.md
 * reads beside the dissertation.
 */
@NullMarked
package io.quorate.raft;

import org.jspecify.annotations.NullMarked;

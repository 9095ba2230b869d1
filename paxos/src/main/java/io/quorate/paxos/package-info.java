/**
 * The Multi-Paxos engine. Start at {@link io.quorate.paxos.MultiPaxos}, the one public type; then
 * read {@code Ballot}, {@code Synod}, {@code Acceptor}, {@code Proposer}, {@code Learner} and
 * {@code LeaderElection}, and docs/paxos.md beside them.
 */
@NullMarked
package io.quorate.paxos;

import org.jspecify.annotations.NullMarked;

package io.quorate;

import io.quorate.runtime.Durations;
import io.quorate.runtime.Host;
import io.quorate.spi.Log;
import io.quorate.spi.Protocol;
import io.quorate.spi.Transport;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One member of a replicated group, with its copy of the state machine.
 *
 * <pre>{@code
 * try (Replica replica = Replica.of(Cluster.parse("1=a:7001,2=b:7001,3=c:7001"), 1)
 *     .protocol(Raft.protocol())
 *     .log(FileLog.at(Path.of("data")))
 *     .transport(NettyTransport.create())
 *     .start(new MyService())) {
 *   replica.propose(command).join();
 * }
 * }</pre>
 *
 * <p><b>Threads.</b> All methods may be called by any thread. Futures complete on the apply thread,
 * or on the background thread if they time out or the replica ends, never on a loop: what is
 * chained to them must not block, or take an executor ({@code thenApplyAsync}).
 *
 * <p><b>Durability.</b> When a proposal's future completes with a reply, the command is durable on
 * a majority of the voters and applied here.
 *
 * <p><b>Bounds.</b> A command has at most 1 MiB. At most 64 MiB or 65,536 commands and queries of a
 * replica wait at a time; beyond that both answer {@link OverloadedException}, as a leader does to
 * what is passed on to it. Nothing else refuses, and nothing blocks but {@link #close}.
 *
 * <p><b>Errors.</b> Futures fail with a {@link QuorateException} whose class says what the caller
 * may do next, or with an {@link IllegalArgumentException} for what is too long. A disk that fails,
 * a state machine that throws and a broken invariant halt the replica: see {@link #closed()}.
 */
public interface Replica extends AutoCloseable {
  /**
   * Describes a replica; nothing is opened before {@link Builder#start}.
   *
   * @throws IllegalArgumentException if the cluster has no such member
   */
  static Builder of(Cluster cluster, int member) {
    return new Builder(cluster, member);
  }

  /**
   * Describes a replica that joins a group which others have founded: it is none of the founding
   * members, and waits to be added by {@link Admin#add}. No engine can take in members in this
   * version: {@link Builder#start} throws {@link UnsupportedByEngineException}.
   *
   * @param address where others are to find it, {@code host:port}
   * @throws IllegalArgumentException if the cluster has that member
   */
  static Builder join(Cluster cluster, int member, String address) {
    if (cluster.members().contains(member)) {
      throw new IllegalArgumentException(
          "member " + member + " is a founding one of " + cluster + ": start it with Replica.of");
    }
    return new Builder(cluster, member, address);
  }

  /**
   * Proposes a command, at whichever replica; one that does not lead passes it on. Never blocks,
   * never throws on load. If the leader is lost meanwhile the replica proposes it again in the same
   * session, so that it applies at most once.
   *
   * <p>The future fails with {@link CommandRejectedException} (the state machine's no), {@link
   * NotLeaderException} or {@link OverloadedException} (certainly not applied), {@link
   * OutcomeUnknownException} (maybe applied; a retry may tell) or {@link ReplyNotKeptException}
   * (applied). Within the proposal timeout it waits for a leader if there is none, and then fails
   * with what {@link #explain()} says.
   *
   * @param command given away: it is read again if the leader is lost, so do not change it
   */
  CompletableFuture<Reply> propose(byte[] command);

  /**
   * As {@link #propose(byte[])}, with a timeout of its own.
   *
   * @throws IllegalArgumentException if the timeout is not above 0 and at most 365 days
   */
  CompletableFuture<Reply> propose(byte[] command, Duration timeout);

  /** {@link #query(byte[], ReadMode)} with {@link ReadMode#LINEARIZABLE}. */
  default CompletableFuture<byte[]> query(byte[] question) {
    return query(question, ReadMode.LINEARIZABLE);
  }

  /**
   * Asks this replica's state machine, with the promise of the mode. Fails with {@link
   * QuorateException} if the promise cannot be kept within the proposal timeout, with {@link
   * OverloadedException}, or with what the state machine threw.
   */
  CompletableFuture<byte[]> query(byte[] question, ReadMode mode);

  /**
   * As {@link #query(byte[], ReadMode)}, with a timeout of its own.
   *
   * @throws IllegalArgumentException if the timeout is not above 0 and at most 365 days
   */
  CompletableFuture<byte[]> query(byte[] question, ReadMode mode, Duration timeout);

  /**
   * Asks this replica's state machine for a state of limited age: one that holds every command that
   * was acknowledged to anyone longer than {@code maxAge} before this call. Where the last
   * confirmation by a leader is that young it is answered at once and without asking anyone; else
   * the leader confirms, as for {@link ReadMode#LINEARIZABLE}. The age runs from when this replica
   * asked for the confirmation, by the monotonic or the wall clock, whichever says more.
   *
   * <p>Fails with {@link TooStaleException} if no leader confirms within the proposal timeout: it
   * says how old what is here may be. Else as {@link #query(byte[], ReadMode)}.
   *
   * @throws IllegalArgumentException if the age is below 0
   */
  CompletableFuture<byte[]> queryStale(byte[] question, Duration maxAge);

  /**
   * Completes once this replica has applied all that was committed before it started and knows a
   * leader: it can serve. Fails if the replica halts before.
   */
  CompletableFuture<Void> ready();

  /** Completes when the replica has closed; fails with the cause when it has halted by itself. */
  CompletableFuture<Void> closed();

  /** This moment's state; may lag by milliseconds. */
  Status status();

  /** What a person who wonders why nothing moves should read: one sentence a line. */
  String explain();

  /**
   * Stops the replica and settles every pending future. Durable state stays. A leader first hands
   * over to a voter that has caught up, so that the others need not miss it: that takes no longer
   * than two election timeouts, and a few milliseconds as a rule. Idempotent.
   */
  @Override
  void close();

  /** What a replica is made of. Not safe for use by several threads. */
  final class Builder {
    private final Host.Options options;

    private Builder(Cluster cluster, int member) {
      cluster.address(member);
      options = new Host.Options(cluster, member);
    }

    private Builder(Cluster cluster, int member, String joining) {
      options = new Host.Options(cluster, member);
      options.joining = joining;
    }

    /** Raft or Multi-Paxos. Must be the same on all members. Required. */
    public Builder protocol(Protocol<?> protocol) {
      options.protocol = protocol;
      return this;
    }

    /** Where the log is kept. Required. */
    public Builder log(Log log) {
      options.log = log;
      return this;
    }

    /** How hosts talk to each other and to clients. Required. */
    public Builder transport(Transport transport) {
      options.transport = transport;
      return this;
    }

    /** Listens there instead of at the address that the cluster advertises; {@code host:port}. */
    public Builder listen(@Nullable String address) {
      options.listen = address;
      return this;
    }

    /**
     * How long a proposal or read waits for its outcome; 10 s by default.
     *
     * @throws IllegalArgumentException if it is not above 0 and at most 365 days
     */
    public Builder proposalTimeout(Duration timeout) {
      options.proposalTimeoutNanos = Durations.timeoutNanos("the proposal timeout", timeout);
      return this;
    }

    /**
     * How long a leader that a majority has confirmed answers {@link ReadMode#LEASE} reads alone;
     * 0, the default: never. A new leader acknowledges nothing for as long, and two per cent more,
     * so that whenever a leader dies the group stands still for that longer; one that hands over in
     * peace spares its successor that. Leases are renewed with each heartbeat. What the group is
     * founded with counts; later this says nothing. Should be the same on all members.
     *
     * @throws IllegalArgumentException if it is below 0, above 1 h, or not of whole milliseconds
     */
    public Builder lease(Duration lease) {
      options.leaseMillis = Durations.leaseMillis(lease);
      return this;
    }

    /**
     * Opens log and transport and starts. Returns at once; {@link Replica#ready} tells when the
     * replica can serve. If anything fails, all that was opened is closed again.
     *
     * @throws IllegalArgumentException if an option is missing or wrong, saying what to do
     * @throws UnsupportedByEngineException after {@link Replica#join}
     * @throws QuorateException if the log or the address cannot be used, saying what to do
     */
    public Replica start(StateMachine machine) {
      return Host.start(options, machine);
    }
  }
}

package io.quorate.raft;

import io.quorate.spi.Engine;
import io.quorate.spi.Payload;
import io.quorate.spi.Protocol;
import io.quorate.spi.Stamp;
import io.quorate.spi.Timing;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/**
 * The Raft protocol, for {@code Replica.Builder.protocol}. Immutable; the options must be equal, or
 * nearly so, on all replicas of a group.
 *
 * <pre>{@code
 * Replica.of(cluster, 1).protocol(Raft.protocol().electionTimeout(Duration.ofMillis(500)))
 * }</pre>
 *
 * <p><b>Threads.</b> Any: it is immutable.
 *
 * <p><b>Errors.</b> Options that nobody can mean are refused when the replica starts, with a
 * sentence that says what they may be.
 */
@SuppressWarnings(
    "exports") // The messages are the engine's own business; the runtime never names them.
public final class Raft implements Protocol<RaftMessage> {
  private static final Raft DEFAULT = new Raft(Duration.ofSeconds(1), Duration.ofMillis(100));

  private final Duration electionTimeout;
  private final Duration heartbeat;

  private Raft(Duration electionTimeout, Duration heartbeat) {
    this.electionTimeout = electionTimeout;
    this.heartbeat = heartbeat;
  }

  /** Raft with an election timeout of 1 s and a heartbeat of 100 ms. */
  public static Raft protocol() {
    return DEFAULT;
  }

  /**
   * How long a follower waits for a leader that it does not hear before it stands for election (up
   * to a quarter longer, at random), and how long a leader without a quorum goes on. A connection
   * that breaks is noticed at once, whatever this says.
   */
  public Raft electionTimeout(Duration timeout) {
    return new Raft(timeout, heartbeat);
  }

  /** How often an idle leader is heard; at most a third of the election timeout. */
  public Raft heartbeat(Duration interval) {
    return new Raft(electionTimeout, interval);
  }

  @Override
  public String name() {
    return "raft";
  }

  @Override
  public void validate() {
    Timing.validate(electionTimeout, heartbeat);
  }

  @Override
  public long electionTimeoutNanos() {
    return electionTimeout.toNanos();
  }

  @Override
  public Engine<RaftMessage> engine(Engine.Setup setup) {
    validate();
    return new RaftEngine(
        setup, new Timing(electionTimeout.toNanos(), heartbeat.toNanos(), setup.random()));
  }

  /** By term. */
  @Override
  public int compareStamps(Stamp left, Stamp right) {
    return Long.compare(left.high(), right.high());
  }

  @Override
  public byte[] encode(RaftMessage message, List<Payload> values) {
    return RaftCodec.encode(message, values);
  }

  @Override
  public RaftMessage decode(ByteBuffer header, ByteBuffer values) {
    return RaftCodec.decode(header, values);
  }

  @Override
  public String toString() {
    return "raft(electionTimeout="
        + electionTimeout.toMillis()
        + " ms, heartbeat="
        + heartbeat.toMillis()
        + " ms)";
  }
}

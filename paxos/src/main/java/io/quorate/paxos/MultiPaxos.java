package io.quorate.paxos;

import io.quorate.spi.Engine;
import io.quorate.spi.Payload;
import io.quorate.spi.Protocol;
import io.quorate.spi.Stamp;
import io.quorate.spi.Timing;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/**
 * The Multi-Paxos protocol, for {@code Replica.Builder.protocol}. Immutable; the options must be
 * equal, or nearly so, on all replicas of a group.
 *
 * <pre>{@code
 * Replica.of(cluster, 1).protocol(MultiPaxos.protocol().electionTimeout(Duration.ofMillis(500)))
 * }</pre>
 *
 * <p><b>Threads.</b> Any: it is immutable.
 *
 * <p><b>Errors.</b> Options that nobody can mean are refused when the replica starts, with a
 * sentence that says what they may be.
 */
@SuppressWarnings(
    "exports") // The messages are the engine's own business; the runtime never names them.
public final class MultiPaxos implements Protocol<PaxosMessage> {
  private static final MultiPaxos DEFAULT =
      new MultiPaxos(Duration.ofSeconds(1), Duration.ofMillis(100));

  private final Duration electionTimeout;
  private final Duration heartbeat;

  private MultiPaxos(Duration electionTimeout, Duration heartbeat) {
    this.electionTimeout = electionTimeout;
    this.heartbeat = heartbeat;
  }

  /** Multi-Paxos with an election timeout of 1 s and a heartbeat of 100 ms. */
  public static MultiPaxos protocol() {
    return DEFAULT;
  }

  /**
   * How long a replica waits for a leader that it does not hear before it asks the others whether
   * they do (up to a quarter longer, at random), and how long a leader without a quorum goes on. A
   * connection that breaks is noticed at once, whatever this says.
   */
  public MultiPaxos electionTimeout(Duration timeout) {
    return new MultiPaxos(timeout, heartbeat);
  }

  /** How often an idle leader is heard; at most a third of the election timeout. */
  public MultiPaxos heartbeat(Duration interval) {
    return new MultiPaxos(electionTimeout, interval);
  }

  @Override
  public String name() {
    return "paxos";
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
  public Engine<PaxosMessage> engine(Engine.Setup setup) {
    validate();
    return new PaxosEngine(
        setup, new Timing(electionTimeout.toNanos(), heartbeat.toNanos(), setup.random()));
  }

  /** By ballot: round first, then member. */
  @Override
  public int compareStamps(Stamp left, Stamp right) {
    int byRound = Long.compare(left.high(), right.high());
    return byRound != 0 ? byRound : Long.compare(left.low(), right.low());
  }

  @Override
  public byte[] encode(PaxosMessage message, List<Payload> values) {
    return PaxosCodec.encode(message, values);
  }

  @Override
  public PaxosMessage decode(ByteBuffer header, ByteBuffer values) {
    return PaxosCodec.decode(header, values);
  }

  @Override
  public String toString() {
    return "paxos(electionTimeout="
        + electionTimeout.toMillis()
        + " ms, heartbeat="
        + heartbeat.toMillis()
        + " ms)";
  }
}

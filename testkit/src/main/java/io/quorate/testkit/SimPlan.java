package io.quorate.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.StateMachine;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a simulation is made of, beside its protocol.
 *
 * @param machines makes the state machine of each start
 * @param words how commands and questions are said in words; equal words mean equal commands
 * @param snapshotBytes how many bytes of entries it takes until a snapshot
 * @param keepBytes after how many bytes of entries a state machine keeps its state; it keeps none
 *     if that is {@link Long#MAX_VALUE}
 * @param leaseMillis how long leaders' leases are; 0: there are none
 * @param reader hears of all that happens; null for nobody
 */
record SimPlan(
    int replicas,
    long seed,
    Supplier<? extends StateMachine> machines,
    Function<byte[], String> words,
    long snapshotBytes,
    long keepBytes,
    long leaseMillis,
    @Nullable Consumer<TraceEvent> reader) {

  /** The same with another seed. */
  SimPlan withSeed(long other) {
    return new SimPlan(
        replicas, other, machines, words, snapshotBytes, keepBytes, leaseMillis, reader);
  }

  /** The same with snapshots. */
  SimPlan withSnapshots(long bytes) {
    return new SimPlan(replicas, seed, machines, words, bytes, keepBytes, leaseMillis, reader);
  }

  /** The same with state machines that keep their state. */
  SimPlan withKept(long bytes) {
    return new SimPlan(replicas, seed, machines, words, snapshotBytes, bytes, leaseMillis, reader);
  }

  /** The same with leases. */
  SimPlan withLeases(long millis) {
    return new SimPlan(replicas, seed, machines, words, snapshotBytes, keepBytes, millis, reader);
  }

  /** With commands that are text, and the reader that the system properties name. */
  static SimPlan of(int replicas, long seed, Supplier<? extends StateMachine> machines) {
    return new SimPlan(
        replicas,
        seed,
        machines,
        bytes -> new String(bytes, UTF_8),
        Long.MAX_VALUE,
        Long.MAX_VALUE,
        0,
        TraceReaders.ofProperties());
  }
}

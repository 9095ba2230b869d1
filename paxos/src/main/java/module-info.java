/**
 * The Multi-Paxos engine: pure and deterministic.
 *
 * <p>Start at {@link io.quorate.paxos.MultiPaxos}, the one public type.
 */
module io.quorate.paxos {
  requires io.quorate.core;
  requires com.google.protobuf;
  requires static org.jspecify;

  // API
  exports io.quorate.paxos;
}

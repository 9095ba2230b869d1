/**
 * The Raft engine: pure and deterministic.
 *
 * <p>Start at {@link io.quorate.raft.Raft}, the one public type.
 */
module io.quorate.raft {
  requires io.quorate.core;
  requires com.google.protobuf;
  requires static org.jspecify;

  // API
  exports io.quorate.raft;
}

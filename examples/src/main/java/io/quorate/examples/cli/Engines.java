package io.quorate.examples.cli;

import io.quorate.paxos.MultiPaxos;
import io.quorate.raft.Raft;
import io.quorate.spi.Protocol;

/** The engines by name, for {@code --engine}. */
public final class Engines {
  private Engines() {}

  /**
   * The protocol of that name, with its defaults.
   *
   * @throws UsageException if there is none
   */
  public static Protocol<?> named(String name) {
    return switch (name) {
      case "raft" -> Raft.protocol();
      case "paxos" -> MultiPaxos.protocol();
      default ->
          throw new UsageException("unknown engine \"" + name + "\"; there are raft and paxos");
    };
  }
}

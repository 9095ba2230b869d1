package io.quorate.examples.cli;

import io.quorate.paxos.MultiPaxos;
import io.quorate.raft.Raft;
import io.quorate.spi.Protocol;
import java.util.Locale;

/** The engines by name, for {@code --engine}. */
public enum Engines {
  /** Raft. */
  RAFT,
  /** Multi-Paxos. */
  PAXOS;

  /** The protocol, with its defaults. */
  public Protocol<?> protocol() {
    return switch (this) {
      case RAFT -> Raft.protocol();
      case PAXOS -> MultiPaxos.protocol();
    };
  }

  /** As a person writes it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}

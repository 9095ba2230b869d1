package io.quorate.benchmarks;

import io.quorate.Command;
import io.quorate.Replica;
import io.quorate.StateMachine;
import io.quorate.spi.Protocol;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;

/** Three replicas with durable logs and a state machine that does nothing; asked at the leader. */
final class QuorateContestant implements Contestant {
  private final Trio trio;
  private final Replica leader;

  private QuorateContestant(Trio trio) {
    this.trio = trio;
    leader = trio.awaitLeader();
  }

  /** Starts the three replicas and waits until one of them leads. */
  static QuorateContestant start(Protocol<?> protocol, Path directory) throws IOException {
    return new QuorateContestant(Trio.start(protocol, directory, Nothing::new, options -> {}));
  }

  /** The replica that is asked. */
  Replica leader() {
    return leader;
  }

  @Override
  public void submit(byte[] command, Done done) {
    var unused = leader.propose(command).whenComplete(done);
  }

  @Override
  public boolean undisturbed() {
    return Trio.leads(leader);
  }

  @Override
  public void close() {
    trio.close();
  }

  /** Has no state and answers with no bytes. */
  private static final class Nothing implements StateMachine {
    private static final byte[] NO_BYTES = {};

    @Override
    public byte[] apply(Command command) {
      return NO_BYTES;
    }

    @Override
    public void snapshot(OutputStream out) {}

    @Override
    public void restore(InputStream in) {}
  }
}

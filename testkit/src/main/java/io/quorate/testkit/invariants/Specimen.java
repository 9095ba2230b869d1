package io.quorate.testkit.invariants;

import io.quorate.Command;
import io.quorate.StateMachine;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A user's state machine in one life of a replica, which may go on with a restored copy of it. */
/* Now and then, where the state is looked at anyway, the snapshot is restored into another machine,
 * and that one applies the commands from there on. The other machine is a fresh one, or the one that
 * was put away the last time, with its older state: so a restore that adds to what is there shows.
 */
public final class Specimen {
  private static final int RESTORE_ONE_IN = 16;

  private final Deterministic same;
  private final SnapshotIsWhole whole;
  private final Supplier<? extends StateMachine> machines;
  private final SplittableRandom random;
  private final Snapshot snapshot;
  private boolean hasSnapshots = true;
  private History.@Nullable Applied last;
  private StateMachine machine;
  private Name name;
  private @Nullable StateMachine spare;
  private long spareIndex;

  /** Who it is, for a message; {@code copiedAt} is 0 for a machine that was never restored. */
  record Name(int member, long copiedAt) {
    @Override
    public String toString() {
      if (member < 0) {
        return "the cluster that the backup is of";
      }
      if (member == 0) {
        return "a fresh machine in a replay of all commands at the end";
      }
      return copiedAt == 0
          ? "member " + member
          : "member "
              + member
              + " (a copy, restored from its snapshot after command "
              + copiedAt
              + ")";
    }
  }

  Specimen(
      int member,
      Deterministic same,
      SnapshotIsWhole whole,
      Supplier<? extends StateMachine> machines,
      Snapshot snapshot,
      SplittableRandom random) {
    this.same = same;
    this.whole = whole;
    this.machines = machines;
    this.snapshot = snapshot;
    this.random = random;
    machine = machines.get();
    name = new Name(member, 0);
  }

  /** As the machine does it; the command is lent for the call only. */
  public byte[] apply(Command command) {
    LentCommand lent = new LentCommand(command);
    try {
      return machine.apply(lent);
    } finally {
      lent.takeBack(random);
    }
  }

  /** Compares what the command, applied just now, has led to. */
  void applied(History.Applied command, Answer answer) {
    if (isLooked(command, answer) && name.member != 0 && random.nextInt(RESTORE_ONE_IN) == 0) {
      goOnWithCopy(command);
    }
  }

  /** The machine has got the state after that command. */
  void restored(History.Applied command) {
    last = command;
    name = new Name(name.member, command.index);
    if (same.hasState(command)) {
      isCompared(command);
    }
  }

  /** The same; says whether {@link #snapshot} is now the state after the command. */
  boolean isLooked(History.Applied command, Answer answer) {
    last = command;
    return same.answered(command, answer, name) && isCompared(command);
  }

  /** At the end: compares the state, if the command is the last one that was applied. */
  void end(History.Applied command) {
    if (last == command) {
      isCompared(command);
    }
  }

  private boolean isCompared(History.Applied command) {
    hasSnapshots = hasSnapshots && whole.take(snapshot, machine, name, command);
    if (hasSnapshots) {
      same.state(command, snapshot, name);
    }
    return hasSnapshots;
  }

  private void goOnWithCopy(History.Applied command) {
    StateMachine copy = spare;
    long had = spareIndex;
    if (copy == null || random.nextBoolean()) {
      copy = machines.get();
      had = 0;
    }
    whole.restore(copy, snapshot, name, command, had);
    spare = machine;
    spareIndex = command.index;
    machine = copy;
    name = new Name(name.member, command.index);
  }

  public byte[] query(byte[] question) {
    return machine.query(question);
  }

  public void snapshot(OutputStream out) throws IOException {
    machine.snapshot(out);
  }

  public void restore(InputStream in) throws IOException {
    machine.restore(in);
  }
}

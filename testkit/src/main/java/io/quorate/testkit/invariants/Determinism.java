package io.quorate.testkit.invariants;

import io.quorate.Command;
import io.quorate.CommandRejectedException;
import io.quorate.StateMachine;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Whether the user's state machine is one that can be replicated: {@link Deterministic} and all.
 */
/* Two replicas that ask the wall clock in the same millisecond agree, and copies of a machine may all
 * have forgotten the same field by then. So at the end of a run all commands are applied once more, to
 * a machine that is never restored, in another millisecond. Then it gets back the state of half way,
 * and goes the second half again: a restore that leaves something of the later state shows.
 */
public final class Determinism {
  private static final long SALT = 0x5DEECE66D1CE4E5BL;

  private final Verdict verdict;
  private final History history;
  private final Supplier<? extends StateMachine> machines;
  private final SplittableRandom random;
  private final Deterministic same;
  private final SnapshotIsWhole whole;
  private final Snapshot snapshot = new Snapshot();
  private final Map<Integer, Specimen> specimens = new TreeMap<>();
  private long newest;
  private long newestMillis;

  /** Draws from the seed, but nothing that others draw from it. */
  public Determinism(
      Verdict verdict, Ledger ledger, Supplier<? extends StateMachine> machines, long seed) {
    this.verdict = verdict;
    this.machines = machines;
    history = ledger.history();
    random = new SplittableRandom(seed ^ SALT);
    same = new Deterministic(verdict);
    whole = new SnapshotIsWhole(verdict);
  }

  /** The ledger begins with the commands of another cluster. */
  public void begins() {
    same.begins(history);
  }

  /** A member starts with a machine of its own. */
  public Specimen specimen(int member) {
    Specimen specimen = new Specimen(member, same, whole, machines, snapshot, random.split());
    specimens.put(member, specimen);
    return specimen;
  }

  /** The command was applied, and is in the ledger. */
  public void applied(Specimen specimen, long index, Answer answer) {
    if (index > newest) {
      newest = index;
      newestMillis = System.currentTimeMillis();
    }
    if (history.has(index)) {
      specimen.applied(history.at(index), answer);
    }
  }

  /** The machine has the state after that command, out of a snapshot. */
  public void restored(Specimen specimen, long index) {
    if (history.has(index)) {
      specimen.restored(history.at(index));
    }
  }

  /** At the end of a run: compares the states, and a replay of all commands on a fresh machine. */
  public void replay() {
    if (history.size() == 0 || verdict.broken() != null) {
      return;
    }
    specimens.values().forEach(specimen -> specimen.end(history.at(history.size())));
    while (System.currentTimeMillis() == newestMillis) {
      Thread.onSpinWait();
    }
    StateMachine machine = machines.get();
    Specimen fresh = new Specimen(0, same, whole, () -> machine, snapshot, random.split());
    Snapshot half = new Snapshot();
    long halfAt = 0;
    for (long index = 1; index <= history.size() && verdict.broken() == null; index++) {
      boolean looked = replay(fresh, history.at(index));
      if (looked && halfAt == 0 && index >= history.size() / 2) {
        halfAt = index;
        half.copy(snapshot);
      }
    }
    if (halfAt != 0 && verdict.broken() == null) {
      whole.restore(machine, half, new Specimen.Name(0, 0), history.at(halfAt), history.size());
      for (long index = halfAt + 1; index <= history.size(); index++) {
        replay(fresh, history.at(index));
      }
    }
  }

  private boolean replay(Specimen fresh, History.Applied command) {
    Answer answer;
    try {
      answer = Answer.of(fresh.apply(new Replayed(command)));
    } catch (CommandRejectedException no) {
      answer = Answer.of(no);
    }
    return fresh.isLooked(command, answer);
  }

  /** A command out of the history. */
  private record Replayed(History.Applied command) implements Command {
    @Override
    public long index() {
      return command.commandIndex;
    }

    @Override
    public long time() {
      return command.time;
    }

    @Override
    public String session() {
      return command.session;
    }

    @Override
    public int length() {
      return command.bytes.length;
    }

    @Override
    public byte[] bytes() {
      return command.bytes.clone();
    }

    @Override
    public ByteBuffer buffer() {
      return ByteBuffer.wrap(bytes()).asReadOnlyBuffer();
    }
  }
}

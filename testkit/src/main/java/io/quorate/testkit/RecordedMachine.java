package io.quorate.testkit;

import io.quorate.Command;
import io.quorate.CommandRejectedException;
import io.quorate.SnapshotWriter;
import io.quorate.StateMachine;
import io.quorate.testkit.invariants.Answer;
import io.quorate.testkit.invariants.CommandIndex;
import io.quorate.testkit.invariants.Determinism;
import io.quorate.testkit.invariants.Ledger;
import io.quorate.testkit.invariants.Specimen;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The user's state machine, with a note of each command in the {@link Ledger}. */
class RecordedMachine implements StateMachine {
  private final Specimen machine;
  private final Determinism determinism;
  private final Ledger ledger;
  private final int member;
  private final CommandIndex life;
  private final boolean concurrent;
  private final List<String> applied = new ArrayList<>();
  private long index;

  RecordedMachine(Determinism determinism, Ledger ledger, int member, boolean concurrent) {
    this.determinism = determinism;
    this.concurrent = concurrent;
    machine = determinism.specimen(member);
    this.ledger = ledger;
    this.member = member;
    life = ledger.life(member);
  }

  /** What this life of the replica has applied, in order. */
  List<String> applied() {
    return List.copyOf(applied);
  }

  @Override
  public byte[] apply(Command command) {
    try {
      byte[] reply = machine.apply(command);
      note(command, Answer.of(reply));
      return reply;
    } catch (CommandRejectedException no) {
      note(command, Answer.of(no));
      throw no;
    }
  }

  private void note(Command command, Answer answer) {
    index = command.index();
    applied.add(ledger.applied(member, life, command, answer));
    determinism.applied(machine, ledger.count(index), answer);
  }

  /** How many commands the state is made of, and the user's answer to what is not empty. */
  @Override
  public byte[] query(byte[] question) {
    byte[] answer = question.length == 0 ? question : machine.query(question);
    return ByteBuffer.allocate(Long.BYTES + answer.length).putLong(index).put(answer).array();
  }

  @Override
  public boolean answersConcurrently() {
    return concurrent;
  }

  /** The number of commands, and the user's state. */
  @Override
  public void snapshot(OutputStream out) throws IOException {
    new DataOutputStream(out).writeLong(index);
    machine.snapshot(out);
  }

  /** Every other time: so both ways to take a snapshot are gone. */
  @Override
  public @Nullable SnapshotWriter capture() {
    if (index % 2 == 0) {
      return null;
    }
    ByteArrayOutputStream state = new ByteArrayOutputStream();
    try {
      snapshot(state);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return state::writeTo;
  }

  @Override
  public void restore(InputStream in) throws IOException {
    index = new DataInputStream(in).readLong();
    machine.restore(in);
    applied.clear();
    applied.addAll(ledger.restored(life, index));
    determinism.restored(machine, ledger.count(index));
  }
}

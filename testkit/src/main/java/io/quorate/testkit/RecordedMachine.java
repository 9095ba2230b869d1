package io.quorate.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.Command;
import io.quorate.CommandRejectedException;
import io.quorate.StateMachine;
import io.quorate.testkit.invariants.Ledger;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The user's state machine, with a note of each command in the {@link Ledger}. */
final class RecordedMachine implements StateMachine {
  private final StateMachine machine;
  private final Ledger ledger;
  private final int member;
  private final Function<byte[], String> words;
  private final List<String> applied = new ArrayList<>();
  private long index;

  RecordedMachine(StateMachine machine, Ledger ledger, int member, Function<byte[], String> words) {
    this.words = words;
    this.machine = machine;
    this.ledger = ledger;
    this.member = member;
  }

  /** What this life of the replica has applied, in order. */
  List<String> applied() {
    return List.copyOf(applied);
  }

  @Override
  public byte[] apply(Command command) {
    String text = words.apply(command.bytes());
    try {
      byte[] reply = machine.apply(command);
      note(command, text, reply);
      return reply;
    } catch (CommandRejectedException no) {
      note(command, text, String.valueOf(no.getMessage()).getBytes(UTF_8));
      throw no;
    }
  }

  private void note(Command command, String text, byte[] reply) {
    index = command.index();
    applied.add(text);
    ledger.applied(member, index, text, command.time(), reply);
  }

  /** How many commands the state is made of, and the user's answer to what is not empty. */
  @Override
  public byte[] query(byte[] question) {
    byte[] answer = question.length == 0 ? question : machine.query(question);
    return ByteBuffer.allocate(Long.BYTES + answer.length).putLong(index).put(answer).array();
  }

  @Override
  public void snapshot(OutputStream out) throws IOException {
    machine.snapshot(out);
  }

  @Override
  public void restore(InputStream in) throws IOException {
    machine.restore(in);
  }
}

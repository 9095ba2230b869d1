package io.quorate.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.Command;
import io.quorate.StateMachine;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The state machine of runs that bring none: registers, changed by {@code put key value}, {@code
 * append key value} and {@code cas key expected value}. A read names a key.
 */
final class RegisterMachine implements StateMachine {
  static final String DONE = "done";
  static final String NO = "no";
  private static final String ABSENT = "absent";

  private final TreeMap<String, Register> registers = new TreeMap<>();

  /** A value, and its line in a snapshot: one is written after each command. */
  private record Register(String value, byte[] line) {
    static Register of(String key, String value) {
      return new Register(value, (key + ' ' + value + '\n').getBytes(UTF_8));
    }
  }

  @Override
  public byte[] apply(Command command) {
    String text = new String(command.bytes(), UTF_8);
    int first = text.indexOf(' ');
    int second = text.indexOf(' ', first + 1);
    String word = text.substring(0, first);
    String key = text.substring(first + 1, second);
    String value = text.substring(second + 1);
    Register held = registers.get(key);
    return switch (word) {
      case "put" -> set(key, value);
      case "append" -> set(key, held == null ? value : held.value + value);
      case "cas" -> {
        int third = value.indexOf(' ');
        boolean same = held != null && held.value.equals(value.substring(0, third));
        yield same ? set(key, value.substring(third + 1)) : NO.getBytes(UTF_8);
      }
      default -> throw new IllegalArgumentException("no command of registers: " + word);
    };
  }

  private byte[] set(String key, String value) {
    registers.put(key, Register.of(key, value));
    return DONE.getBytes(UTF_8);
  }

  @Override
  public byte[] query(byte[] question) {
    Register held = registers.get(new String(question, UTF_8));
    return (held == null ? ABSENT : "=" + held.value).getBytes(UTF_8);
  }

  /** What a read was answered; null if the register was never written. */
  static @Nullable String held(String answer) {
    return answer.equals(ABSENT) ? null : answer.substring(1);
  }

  @Override
  public void snapshot(OutputStream out) throws IOException {
    for (Register register : registers.values()) {
      out.write(register.line);
    }
  }

  @Override
  public void restore(InputStream in) throws IOException {
    registers.clear();
    String lines = new String(in.readAllBytes(), UTF_8);
    int end;
    for (int begin = 0; begin < lines.length(); begin = end + 1) {
      int gap = lines.indexOf(' ', begin);
      end = lines.indexOf('\n', gap);
      set(lines.substring(begin, gap), lines.substring(gap + 1, end));
    }
  }
}

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

  private final TreeMap<String, String> registers = new TreeMap<>();

  @Override
  public byte[] apply(Command command) {
    String[] words = new String(command.bytes(), UTF_8).split(" ", -1);
    String held = registers.get(words[1]);
    return switch (words[0]) {
      case "put" -> set(words[1], words[2]);
      case "append" -> set(words[1], held == null ? words[2] : held + words[2]);
      case "cas" -> words[2].equals(held) ? set(words[1], words[3]) : NO.getBytes(UTF_8);
      default -> throw new IllegalArgumentException("no command of registers: " + words[0]);
    };
  }

  private byte[] set(String key, String value) {
    registers.put(key, value);
    return DONE.getBytes(UTF_8);
  }

  @Override
  public byte[] query(byte[] question) {
    return answer(registers.get(new String(question, UTF_8))).getBytes(UTF_8);
  }

  private static String answer(@Nullable String held) {
    return held == null ? ABSENT : "=" + held;
  }

  /** What a read was answered; null if the register was never written. */
  static @Nullable String held(String answer) {
    return answer.equals(ABSENT) ? null : answer.substring(1);
  }

  @Override
  public void snapshot(OutputStream out) throws IOException {
    StringBuilder lines = new StringBuilder(); // Written after each command, so it has to be quick.
    registers.forEach((key, value) -> lines.append(key).append(' ').append(value).append('\n'));
    out.write(lines.toString().getBytes(UTF_8));
  }

  @Override
  public void restore(InputStream in) throws IOException {
    registers.clear();
    String lines = new String(in.readAllBytes(), UTF_8);
    lines
        .lines()
        .map(line -> line.split(" ", 2))
        .forEach(register -> registers.put(register[0], register[1]));
  }
}

package io.quorate.examples.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.Command;
import io.quorate.StateMachine;
import io.quorate.raft.Raft;
import io.quorate.testkit.Faults;
import io.quorate.testkit.SimFailure;
import io.quorate.testkit.SimRun;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** State machines that do not do the same everywhere: the simulator says at which command. */
class BrokenMachinesTest {
  private static String failureOf(Supplier<StateMachine> machines) {
    SimRun run =
        SimRun.of(Raft.protocol(), machines, (number, random) -> ("c" + number).getBytes(UTF_8))
            .faults(Faults.PROCESSES);
    Executable seeds =
        () -> {
          for (long seed = 0; seed < 20; seed++) {
            run.seed("BrokenMachinesTest", seed);
          }
        };
    return String.valueOf(assertThrows(SimFailure.class, seeds).getMessage());
  }

  @Test
  void theOrderOfAHashMapIsNoStateToReplyWith() {
    String failure = failureOf(HashOrder::new);
    assertTrue(failure.matches("(?s).*command [0-9]+.*\"c[0-9]+\".*"), failure);
  }

  @Test
  void theWallClockIsNoInput() {
    String failure = failureOf(WallClock::new);
    assertTrue(failure.matches("(?s).*command [0-9]+.*\"c[0-9]+\".*"), failure);
  }

  /** Keeps when each command came, by the clock of the machine it runs on. */
  private static final class WallClock implements StateMachine {
    private long last;

    @Override
    public byte[] apply(Command command) {
      last = System.currentTimeMillis();
      return ("at " + last).getBytes(UTF_8);
    }

    @Override
    public void snapshot(OutputStream out) throws IOException {
      new DataOutputStream(out).writeLong(last);
    }

    @Override
    public void restore(InputStream in) throws IOException {
      last = new DataInputStream(in).readLong();
    }
  }

  /** Replies with the first of its keys, in the order of a table that was larger once. */
  private static final class HashOrder implements StateMachine {
    private final Map<String, Integer> counts = new HashMap<>();

    @Override
    public byte[] apply(Command command) {
      String key = new String(command.bytes(), UTF_8);
      counts.put(key, key.length());
      if (counts.size() > 20) {
        counts.keySet().removeIf(old -> !old.equals(key));
        counts.put("x" + key, 1);
        counts.put("y" + key, 1);
      }
      return counts.keySet().toString().getBytes(UTF_8);
    }

    @Override
    public void snapshot(OutputStream out) throws IOException {
      DataOutputStream data = new DataOutputStream(out);
      data.writeInt(counts.size());
      for (String key : counts.keySet().stream().sorted().toList()) {
        data.writeUTF(key);
      }
    }

    @Override
    public void restore(InputStream in) throws IOException {
      counts.clear();
      DataInputStream data = new DataInputStream(in);
      for (int left = data.readInt(); left > 0; left--) {
        String key = data.readUTF();
        counts.put(key, key.length());
      }
    }
  }
}

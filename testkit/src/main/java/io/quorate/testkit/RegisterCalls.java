package io.quorate.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.testkit.history.History;
import io.quorate.testkit.history.Linearizability;
import io.quorate.testkit.history.Linearizability.Verdict;
import io.quorate.testkit.history.Registers;
import io.quorate.testkit.history.Registers.Answer;
import io.quorate.testkit.history.Registers.Request;
import java.util.List;
import java.util.random.RandomGenerator;

/** Calls of a {@link RegisterMachine}: their histories have to be linearizable, by search. */
final class RegisterCalls implements Workload {
  private static final int KEYS = 10;
  private static final int JUDGED_ONE_IN = 4;
  private static final long STEPS_MAX = 5_000; // For each key: crashes leave much unknown.

  @Override
  public byte[] command(long number, RandomGenerator random) {
    String key = "k" + random.nextInt(KEYS);
    String value = "v" + number;
    int choice = random.nextInt(10);
    String command =
        choice < 6
            ? "put " + key + " " + value
            : choice < 9
                ? "append " + key + " " + value
                : "cas " + key + " v" + (number - 1 - random.nextInt(KEYS)) + " " + value;
    return command.getBytes(UTF_8);
  }

  @Override
  public byte[] question(RandomGenerator random) {
    return ("k" + random.nextInt(KEYS)).getBytes(UTF_8);
  }

  @Override
  public boolean judge(List<Outcome> calls) {
    if (calls.size() % JUDGED_ONE_IN != 0) {
      return false; // Each run is judged by the order of its commands; the search costs more.
    }
    History<Request, Answer> history =
        Workload.history(calls, RegisterCalls::request, RegisterCalls::answer);
    Linearizability result = Linearizability.check(Registers.model(), history, STEPS_MAX);
    if (result.verdict() == Verdict.NOT_LINEARIZABLE) {
      throw new AssertionError("Linearizable: " + result.explanation());
    }
    return result.isLinearizable();
  }

  private static Request request(Outcome call) {
    String[] words = new String(call.input(), UTF_8).split(" ", -1);
    return switch (words[0]) {
      case "put" -> Registers.put(words[1], words[2]);
      case "append" -> Registers.append(words[1], words[2]);
      case "cas" -> Registers.compareAndSet(words[1], words[2], words[3]);
      default -> Registers.get(words[0]);
    };
  }

  private static Answer answer(Outcome call) {
    if (call.isRead()) {
      String held = RegisterMachine.held(call.reply());
      return held == null ? Registers.absent() : Registers.value(held);
    }
    boolean done = call.reply().equals(RegisterMachine.DONE);
    boolean compared = new String(call.input(), UTF_8).startsWith("cas ");
    return compared ? Registers.swapped(done) : Registers.done();
  }
}

package io.quorate.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.testkit.history.History;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * What the callers of a simulated run want of its state machine. Everything has to come from the
 * arguments, so that a seed does the same each time: several runs may use it at once.
 */
@FunctionalInterface
public interface Workload {
  /**
   * The next command.
   *
   * @param number of the call within the run, from 1; part of a command, it tells it from others
   */
  byte[] command(long number, RandomGenerator random);

  /**
   * The next question of a linearizable read; empty, as it is by default, asks the state machine
   * nothing, but how many commands a read has seen is checked all the same.
   */
  default byte[] question(RandomGenerator random) {
    return new byte[0];
  }

  /** A command or question in words, for failures and traces. */
  default String describe(byte[] bytes) {
    String text = new String(bytes, UTF_8);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c == 0x7F || c == 0xFFFD) {
        return HexFormat.of().formatHex(bytes);
      }
    }
    return text;
  }

  /**
   * Judges all calls of a run, at its end, beyond what is checked anyway: that all replicas do the
   * same, in an order that agrees with what callers have seen, each command once.
   *
   * @param calls in the order of their beginning
   * @return whether a judgement was possible within reasonable time
   * @throws AssertionError saying what cannot be
   */
  default boolean judge(List<Outcome> calls) {
    return true;
  }

  /**
   * The calls as a history, to be checked against a model.
   *
   * @param request what a call asks
   * @param answer what a call that has a reply was answered
   */
  static <I, O> History<I, O> history(
      List<Outcome> calls, Function<Outcome, I> request, Function<Outcome, O> answer) {
    TreeMap<Long, Outcome> moments = new TreeMap<>();
    for (Outcome call : calls) {
      moments.put(call.began(), call);
      if (!call.isPending()) {
        moments.put(call.ended(), call);
      }
    }
    History<I, O> history = History.create();
    Map<Long, History.Call<I, O>> begun = new HashMap<>();
    for (Outcome call : moments.values()) {
      History.Call<I, O> under = begun.get(call.began());
      if (under == null) {
        begun.put(call.began(), history.invoke(call.caller(), request.apply(call)));
      } else if (call.isAcknowledged()) {
        under.ok(answer.apply(call));
      } else if (call.isUnknown()) {
        under.unknown();
      } else {
        under.refused();
      }
    }
    return history;
  }
}

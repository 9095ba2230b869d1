package io.quorate.testkit.history;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quorate.testkit.history.History.Call;
import io.quorate.testkit.history.Linearizability.Verdict;
import io.quorate.testkit.history.Registers.Answer;
import io.quorate.testkit.history.Registers.Request;
import io.quorate.testkit.history.Workload.Mix;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class LinearizabilityPropertyTest {
  @Property(tries = 1000)
  @Label("what a linearizable store did is accepted, whatever its clients know of it")
  void acceptsTheGood(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 6) int clients,
      @ForAll @IntRange(max = 150) int unknownPerMille,
      @ForAll @IntRange(max = 4) int values,
      @ForAll @IntRange(max = 100) int appends) {
    Mix mix = new Mix(clients, 3, unknownPerMille, values, appends);
    History<Request, Answer> history = Workload.record(Workload.draw(seed, mix, 120));
    Linearizability result = Linearizability.check(Registers.model(), history);
    assertEquals(Verdict.LINEARIZABLE, result.verdict(), result.explanation());
  }

  @Property(tries = 5000)
  @Label("a few operations get the verdict of trying all their orders")
  void agreesWithBruteForce(@ForAll long seed, @ForAll @IntRange(min = 1, max = 6) int operations) {
    History<Request, Answer> history = small(new Random(seed), operations);
    Verdict expected =
        BruteForce.isLinearizable(history) ? Verdict.LINEARIZABLE : Verdict.NOT_LINEARIZABLE;
    Linearizability result = Linearizability.check(Registers.model(), history);
    assertEquals(expected, result.verdict(), () -> history + "\n" + result.explanation());
  }

  /** Anything at all, of few values on one or two keys, so that some of it is linearizable. */
  static History<Request, Answer> small(Random random, int operations) {
    History<Request, Answer> history = History.create();
    List<Request> asked = new ArrayList<>();
    List<Call<Request, Answer>> calls = new ArrayList<>();
    int invoked = 0;
    while (invoked < operations || (!calls.isEmpty() && random.nextInt(8) > 0)) {
      if (invoked < operations && (calls.isEmpty() || random.nextInt(2) == 0)) {
        asked.add(request(random));
        calls.add(history.invoke("c" + invoked, asked.get(asked.size() - 1)));
        invoked++;
      } else {
        int index = random.nextInt(calls.size());
        end(random, calls.remove(index), asked.remove(index));
      }
    }
    return history;
  }

  private static Request request(Random random) {
    String key = random.nextInt(6) == 0 ? "y" : "x";
    String value = "" + (char) ('a' + random.nextInt(2));
    return switch (random.nextInt(6)) {
      case 0 -> Registers.put(key, value);
      case 1, 2 -> Registers.append(key, value);
      case 3 -> Registers.compareAndSet(key, text(random), value);
      default -> Registers.get(key);
    };
  }

  private static void end(Random random, Call<Request, Answer> call, Request request) {
    switch (random.nextInt(5)) {
      case 0 -> call.unknown();
      case 1 -> {
        if (random.nextBoolean()) {
          call.refused();
        } else {
          call.unknown();
        }
      }
      default -> call.ok(answer(random, request.toString()));
    }
  }

  private static Answer answer(Random random, String request) {
    if (request.startsWith("get")) {
      return random.nextInt(4) == 0 ? Registers.absent() : Registers.value(text(random));
    }
    return request.startsWith("cas") ? Registers.swapped(random.nextBoolean()) : Registers.done();
  }

  private static String text(Random random) {
    String one = "" + (char) ('a' + random.nextInt(2));
    return random.nextInt(3) > 0 ? one : one + (char) ('a' + random.nextInt(2));
  }
}

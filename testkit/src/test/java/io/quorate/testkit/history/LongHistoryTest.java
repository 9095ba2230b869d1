package io.quorate.testkit.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.testkit.history.Linearizability.Verdict;
import io.quorate.testkit.history.Workload.Event;
import io.quorate.testkit.history.Workload.Mix;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** 10,000 operations of 5 clients on 10 keys, of which 2 % have an unknown outcome. */
class LongHistoryTest {
  private static final Mix MIX = new Mix(5, 10, 20, 0, 60);

  /** A tenth of what each of the ten keys may use. */
  private static final long STEPS_MAX = Linearizability.STEPS_MAX / 10;

  @ParameterizedTest(name = "seed {0} is accepted")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void good(long seed) {
    List<Event> events = Workload.draw(seed, MIX, 10_000);
    Linearizability result = Linearizability.check(Registers.model(), Workload.record(events));
    assertEquals(Verdict.LINEARIZABLE, result.verdict(), result.explanation());
    assertTrue(result.steps() < STEPS_MAX, () -> result.steps() + " steps");
  }

  @ParameterizedTest(name = "seed {0} with one stale read is rejected")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void bad(long seed) {
    List<Event> events = Workload.withOneStaleRead(Workload.draw(seed, MIX, 10_000), seed);
    assertNotNull(events);
    Linearizability result = Linearizability.check(Registers.model(), Workload.record(events));
    assertEquals(Verdict.NOT_LINEARIZABLE, result.verdict(), result.explanation());
    assertTrue(result.steps() < STEPS_MAX, () -> result.steps() + " steps");
  }
}

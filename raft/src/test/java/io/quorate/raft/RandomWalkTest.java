package io.quorate.raft;

import io.quorate.testkit.engine.RandomWalk;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Raft's engines under whatever {@link RandomWalk} does to them. */
class RandomWalkTest {
  private static final int SEEDS = Integer.getInteger("quorate.raft.seeds", 1000);

  @ParameterizedTest(name = "{0} replicas")
  @ValueSource(ints = {1, 3, 5})
  @DisplayName("on a random walk nothing committed is lost")
  void nothingIsLost(int voters) {
    for (long seed = 0; seed < SEEDS; seed++) {
      try {
        RandomWalk.walk(new Group(voters, seed), seed);
      } catch (RuntimeException | Error e) {
        throw new AssertionError("replay: voters=" + voters + " seed=" + seed, e);
      }
    }
  }
}

package io.quorate.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that tells a story of simulated replicas, once for each of a few seeds. Its class is a
 * {@link SimulatedProtocol}; the method takes the {@link Sim}, and the seed, a {@code long}, if it
 * wants it.
 *
 * <pre>{@code
 * @Scenario(id = "R16", value = "a deposed leader loses what it never committed")
 * void aDeposedLeaderLosesWhatItNeverCommitted(Sim sim) {
 *   int old = sim.electLeader();
 *   sim.isolate(old);
 *   ...
 * }
 * }</pre>
 *
 * <p>A failure says in one line how to replay it: with {@code -Dquorate.sim.seed=3} a scenario runs
 * that seed alone, whether it is one of its own or not. {@code -Dquorate.sim.seeds=500} runs the
 * seeds 1 to 500.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@TestTemplate
@ExtendWith(ScenarioExtension.class)
@SuppressWarnings("exports") // JUnit alone meets the extension.
public @interface Scenario {
  /** Which of docs/scenarios.md it is; none if it is nobody's but the test's own. */
  String[] id() default {};

  /** What happens and what has to hold, as a sentence. */
  String value();

  /** How many members the group has. */
  int replicas() default 3;

  /** After how many bytes of entries, at least, a snapshot is taken; never if not said. */
  long snapshotBytes() default Long.MAX_VALUE;

  /**
   * After how many bytes of entries, at least, state machines keep their state; they keep none, if
   * not said.
   */
  long keepBytes() default Long.MAX_VALUE;

  /** How long leaders' leases are; none if not said. */
  long leaseMillis() default 0;

  /** Whether the group is founded, and all is calm, when the story begins. */
  boolean formed() default true;

  /** How often it is told: with the seeds 1 to this. */
  int seeds() default 3;
}

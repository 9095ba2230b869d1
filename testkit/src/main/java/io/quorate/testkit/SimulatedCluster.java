package io.quorate.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Marks a test that runs once for each of many seeds; its one parameter is the {@link SimSeed}.
 *
 * <pre>{@code
 * @SimulatedCluster(replicas = 3, seeds = 200)
 * void replicasAgreeWhateverHappens(SimSeed seed) {
 *   seed.run(Raft.protocol(), Counter::new, (number, random) -> bytes(number));
 * }
 * }</pre>
 *
 * <p>The system property {@code quorate.sim.seed} runs one seed alone, {@code quorate.sim.seeds} so
 * many of them.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(SimulatedClusterExtension.class)
@SuppressWarnings("exports") // JUnit alone meets the extension.
public @interface SimulatedCluster {
  /** How many replicas there are. */
  int replicas() default 3;

  /** How many seeds, from 0. */
  int seeds() default 100;

  /** How many steps each takes. */
  int steps() default 1_000;

  /** What may happen to them. */
  Faults faults() default Faults.ALL;
}

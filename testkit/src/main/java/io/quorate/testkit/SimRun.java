package io.quorate.testkit;

import io.quorate.StateMachine;
import io.quorate.spi.Protocol;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A run that one seed decides: first work under faults, where only safety counts; then everything
 * is healed, and a leader has to be there within 12 election timeouts, serve, and bring all to the
 * same state.
 *
 * <pre>{@code
 * SimRun.of(Raft.protocol()).machine(Counter::new, (number, random) -> bytes(number)).seed(17);
 * }</pre>
 *
 * <p>A failure is a {@link SimFailure} whose message says how to replay it. Immutable; seeds of one
 * description may run in several threads at once, if state machines and workload share nothing.
 */
public final class SimRun {
  private static final int REPLICAS = 3;
  private static final int STEPS = 1_000;

  private final Subject subject;
  private final Workload workload;
  private final int replicas;
  private final int steps;
  private final Faults faults;

  /** What is simulated: knows its messages' type, which nobody else has to. */
  private interface Subject {
    Sim sim(int replicas, long seed, Workload workload, @Nullable Consumer<TraceEvent> reader);
  }

  private SimRun(Subject subject, Workload workload, int replicas, int steps, Faults faults) {
    this.subject = subject;
    this.workload = workload;
    this.replicas = replicas;
    this.steps = steps;
    this.faults = faults;
  }

  /** Runs of an engine with registers for a state machine, and what its messages claim. */
  public static <M> SimRun of(Protocol<M> protocol, Witness<M> witness) {
    return of(protocol, witness, RegisterMachine::new, new RegisterCalls());
  }

  /** Runs of one's own state machine under a protocol that is taken to be correct. */
  public static SimRun of(
      Protocol<?> protocol, Supplier<? extends StateMachine> machines, Workload workload) {
    return of(protocol, Witness.blind(), machines, workload);
  }

  private static <M> SimRun of(
      Protocol<M> protocol,
      Witness<M> witness,
      Supplier<? extends StateMachine> machines,
      Workload workload) {
    Subject subject =
        (replicas, seed, calls, reader) ->
            Sim.of(
                protocol,
                witness,
                new SimPlan(
                    replicas,
                    seed,
                    machines,
                    calls::describe,
                    snapshotBytes(seed),
                    keepBytes(seed),
                    leaseMillis(seed),
                    reader));
    return new SimRun(subject, workload, REPLICAS, STEPS, Faults.ALL);
  }

  /** Few entries, or more, or never: by the seed, so that replaying needs nothing else. */
  private static long snapshotBytes(long seed) {
    SplittableRandom random = new SplittableRandom(~seed * 31);
    return random.nextBoolean() ? Long.MAX_VALUE : 2048L << random.nextInt(5);
  }

  /** In a quarter of the seeds state machines keep their state, after each turn or some. */
  private static long keepBytes(long seed) {
    SplittableRandom random = new SplittableRandom(~seed * 37);
    return random.nextInt(4) > 0 ? Long.MAX_VALUE : 1L << random.nextInt(14);
  }

  /**
   * In a third of the seeds leaders have leases, of less than a heartbeat or more than a timeout.
   */
  private static long leaseMillis(long seed) {
    SplittableRandom random = new SplittableRandom(~seed * 41);
    return random.nextInt(3) > 0 ? 0 : 25L << random.nextInt(7);
  }

  /** The same with so many replicas instead of 3. */
  public SimRun replicas(int number) {
    return new SimRun(subject, workload, number, steps, faults);
  }

  /** The same with so many steps instead of 1,000. */
  public SimRun steps(int number) {
    return new SimRun(subject, workload, replicas, number, faults);
  }

  /** The same with other faults than {@link Faults#ALL}. */
  public SimRun faults(Faults profile) {
    return new SimRun(subject, workload, replicas, steps, profile);
  }

  /**
   * Runs one seed, or what the system properties {@code quorate.sim.steps}, {@code .faults} and
   * {@code .calls} leave of it.
   *
   * @param test named in the line that replays a failure; it has to read the system property {@code
   *     quorate.sim.seed}
   * @return what happened, as a hash, and how much of it
   * @throws SimFailure if a rule was broken or something did not come about
   */
  public Result seed(String test, long seed) {
    Selection selection = Selection.ofProperties(steps);
    try {
      return run(seed, selection, TraceReaders.ofProperties());
    } catch (SimFailure e) {
      String replay =
          String.format(" | replay: -Dtest=%s -Dquorate.sim.seed=%d", test, seed)
              + selection.options(steps);
      throw new SimFailure(test + " " + e.getMessage() + replay, e.rule(), e.step(), e);
    }
  }

  /**
   * Runs one seed whole, and has all that happens read.
   *
   * @throws SimFailure as {@link #seed}
   */
  public Result traced(long seed, Consumer<TraceEvent> reader) {
    return run(seed, new Selection(steps, null, null), reader);
  }

  /** Runs what is left of a seed; a failure says the seed and the step. */
  private Result run(long seed, Selection selection, @Nullable Consumer<TraceEvent> reader) {
    Drive drive = null;
    try {
      Sim sim = subject.sim(replicas, seed, workload, reader);
      drive = new Drive(sim, seed, faults, workload, selection);
      drive.run();
      return result(sim, drive);
    } catch (RuntimeException | Error e) {
      SimFailure failure = e instanceof SimFailure known ? known : new SimFailure(e.toString(), e);
      int step = drive == null ? 0 : drive.step();
      String message =
          String.format(
              "seed %d (%d replicas) step %d: %s", seed, replicas, step, failure.getMessage());
      throw new SimFailure(message.replaceAll("\\s+", " "), failure.rule(), step, e);
    }
  }

  private static Result result(Sim sim, Drive drive) {
    return new Result(
        sim.traceHash(),
        sim.events(),
        sim.acknowledged(),
        drive.leaderNanos(),
        drive.isJudged(),
        drive.injector().injected(),
        sim.counts());
  }

  /** The failure, and behind it the same with as little of the seed as still breaks the rule. */
  SimFailure shrunk(String test, long seed, SimFailure failure) {
    if (!Boolean.parseBoolean(System.getProperty("quorate.sim.shrink", "true"))) {
      return failure;
    }
    Shrinker shrinker = new Shrinker(selection -> failure(seed, selection));
    Selection least = shrinker.shrink(Selection.ofProperties(steps));
    SimFailure last = failure(seed, least);
    String message =
        String.format(
            "%s%nshrunk in %d tries: %s | replay: -Dtest=%s -Dquorate.sim.seed=%d%s",
            failure.getMessage(),
            shrinker.tries(),
            last == null ? "it did not fail again" : last.getMessage(),
            test,
            seed,
            least.options(steps));
    return new SimFailure(message, failure.rule(), failure.step(), failure);
  }

  private @Nullable SimFailure failure(long seed, Selection selection) {
    try {
      run(seed, selection, null);
      return null;
    } catch (SimFailure e) {
      return e;
    }
  }

  int steps() {
    return steps;
  }

  /**
   * What a run came to.
   *
   * @param traceHash equal for two runs of one seed
   * @param leaderNanos how long it took until a leader was there once all was healed
   * @param judged whether the workload could judge the history of calls
   * @param faults how many of each kind were injected
   * @param happened how often what can happen did
   */
  public record Result(
      long traceHash,
      long events,
      long acknowledged,
      long leaderNanos,
      boolean judged,
      Map<Fault, Integer> faults,
      Map<String, Long> happened) {}
}

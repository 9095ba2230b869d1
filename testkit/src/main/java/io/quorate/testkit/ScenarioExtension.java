package io.quorate.testkit;

import java.lang.reflect.Method;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;
import org.opentest4j.TestAbortedException;

/** Tells a {@link Scenario} once for each seed. */
final class ScenarioExtension implements TestTemplateInvocationContextProvider {
  @Override
  public boolean supportsTestTemplate(ExtensionContext context) {
    return context.getRequiredTestMethod().isAnnotationPresent(Scenario.class);
  }

  @Override
  public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(
      ExtensionContext context) {
    Method method = context.getRequiredTestMethod();
    Scenario scenario = method.getAnnotation(Scenario.class);
    String test = context.getRequiredTestClass().getSimpleName() + "#" + method.getName();
    return seeds(
            scenario.seeds(),
            Long.getLong("quorate.sim.seed"),
            Integer.getInteger("quorate.sim.seeds"))
        .mapToObj(seed -> new Telling(scenario, test, seed));
  }

  /** All of the scenario's own, unless one is asked for, or a number of them. */
  static LongStream seeds(int own, @Nullable Long one, @Nullable Integer first) {
    return one != null
        ? LongStream.of(one)
        : LongStream.rangeClosed(1, first == null ? own : first);
  }

  /** One seed of a scenario. */
  record Telling(Scenario scenario, String test, long seed)
      implements TestTemplateInvocationContext,
          ParameterResolver,
          AfterTestExecutionCallback,
          TestExecutionExceptionHandler {
    private static final Namespace SIMULATIONS = Namespace.create(Telling.class);

    @Override
    public String getDisplayName(int place) {
      String ids = String.join(", ", scenario.id());
      return (ids.isEmpty() ? "" : ids + ": ") + scenario.value() + " [seed " + seed + "]";
    }

    @Override
    public List<Extension> getAdditionalExtensions() {
      return List.of(this);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      Class<?> type = parameter.getParameter().getType();
      return type == Sim.class || type == long.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      if (parameter.getParameter().getType() == long.class) {
        return seed;
      }
      if (context.getRequiredTestInstance() instanceof SimulatedProtocol<?> simulated) {
        Sim sim = begin(simulated);
        context.getStore(SIMULATIONS).put(SIMULATIONS, sim);
        return sim;
      }
      throw new IllegalStateException(
          context.getRequiredTestClass() + " has scenarios, so it must be a SimulatedProtocol");
    }

    private <M> Sim begin(SimulatedProtocol<M> simulated) {
      try {
        Sim sim =
            Sim.of(
                simulated.protocol(),
                simulated.witness(),
                SimPlan.of(scenario.replicas(), seed, simulated::machine)
                    .withSnapshots(scenario.snapshotBytes())
                    .withKept(scenario.keepBytes())
                    .withLeases(scenario.leaseMillis()));
        if (scenario.formed()) {
          sim.electLeader();
          sim.settle();
        }
        return sim;
      } catch (SimFailure failure) {
        throw replay(failure);
      }
    }

    /** A rule may have been broken by the last thing that was done. */
    @Override
    public void afterTestExecution(ExtensionContext context) {
      Sim sim = context.getStore(SIMULATIONS).get(SIMULATIONS, Sim.class);
      if (sim != null && context.getExecutionException().isEmpty()) {
        try {
          sim.check();
        } catch (SimFailure failure) {
          throw replay(failure);
        }
      }
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable thrown)
        throws Throwable {
      throw thrown instanceof TestAbortedException ? thrown : replay(thrown);
    }

    /** One line that says what, and how to see it again. */
    SimFailure replay(Throwable thrown) {
      String what = thrown instanceof AssertionError ? thrown.getMessage() : thrown.toString();
      String line =
          getDisplayName(0)
              + (" " + what).replaceAll("\\s+", " ")
              + " | replay: -Dtest="
              + test
              + " -Dquorate.sim.seed="
              + seed;
      return new SimFailure(line, thrown);
    }
  }
}

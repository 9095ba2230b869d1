package io.quorate.testkit;

import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;

/** Runs a method that is marked {@link SimulatedCluster} once for each seed. */
final class SimulatedClusterExtension implements TestTemplateInvocationContextProvider {
  @Override
  public boolean supportsTestTemplate(ExtensionContext context) {
    return true;
  }

  @Override
  public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(
      ExtensionContext context) {
    SimulatedCluster settings =
        context.getRequiredTestMethod().getAnnotation(SimulatedCluster.class);
    Long one = Long.getLong("quorate.sim.seed");
    int seeds = Integer.getInteger("quorate.sim.seeds", settings.seeds());
    LongStream numbers = one == null ? LongStream.range(0, seeds) : LongStream.of(one);
    String test =
        context.getRequiredTestClass().getSimpleName()
            + "#"
            + context.getRequiredTestMethod().getName();
    return numbers.mapToObj(number -> new Invocation(new SimSeed(test, number, settings)));
  }

  private record Invocation(SimSeed seed) implements TestTemplateInvocationContext {
    @Override
    public String getDisplayName(int invocation) {
      return "seed " + seed.number();
    }

    @Override
    public List<Extension> getAdditionalExtensions() {
      return List.of(new Resolver(seed));
    }
  }

  private record Resolver(SimSeed seed) implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == SimSeed.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return seed;
    }
  }
}

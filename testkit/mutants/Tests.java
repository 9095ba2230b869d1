import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/**
 * Runs JUnit tests, each argument a class or {@code class#method}. Prints what failed; ends with 1
 * if something did, with 2 if there was nothing to run.
 */
public final class Tests {
  private Tests() {}

  public static void main(String[] args) throws ClassNotFoundException {
    List<DiscoverySelector> selectors = new ArrayList<>();
    for (String test : args) {
      String[] names = test.split("#");
      Class<?> type = Class.forName(names[0]);
      selectors.add(
          names.length == 1
              ? DiscoverySelectors.selectClass(type)
              : DiscoverySelectors.selectMethod(type, method(type, names[1])));
    }
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    LauncherFactory.create()
        .execute(LauncherDiscoveryRequestBuilder.request().selectors(selectors).build(), listener);
    var summary = listener.getSummary();
    for (var failure : summary.getFailures()) {
      String why = String.valueOf(failure.getException()).replaceAll("\\s+", " ");
      System.out.println("FAILED " + name(failure.getTestIdentifier()) + ": " + why);
    }
    boolean ran = summary.getTestsStartedCount() > 0;
    System.exit(!summary.getFailures().isEmpty() ? 1 : ran ? 0 : 2);
  }

  private static String name(TestIdentifier test) {
    TestSource source = test.getSource().orElse(null);
    return source instanceof MethodSource method ? method.getMethodName() : test.getDisplayName();
  }

  /**
   * Test methods have one name each, whatever their parameters; some stand in a superclass, or in an
   * interface.
   */
  private static Method method(Class<?> type, String name) {
    for (Class<?> from = type; from != null; from = from.getSuperclass()) {
      for (Method method : from.getDeclaredMethods()) {
        if (method.getName().equals(name) && !method.isSynthetic()) {
          return method;
        }
      }
    }
    for (Method method : type.getMethods()) {
      if (method.getName().equals(name)) {
        return method;
      }
    }
    throw new IllegalArgumentException(type.getName() + " has no method " + name);
  }
}

package io.quorate.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The planted bugs of testkit/mutants, which are run seldom, are still there to be planted. */
class MutantsTest {
  private static final Path CHECKOUT = Path.of("..");
  private static final Path MUTANTS = CHECKOUT.resolve("testkit/mutants");

  @TempDir private Path directory;

  /** What the program that plants them says, which is no part of this module. */
  private List<?> failures(Path checkout) throws IOException, ReflectiveOperationException {
    Path classes = Files.createDirectories(directory.resolve("classes"));
    int failed =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-proc:none",
                "-d",
                classes.toString(),
                MUTANTS.resolve("Edit.java").toString(),
                MUTANTS.resolve("EditException.java").toString());
    assertEquals(0, failed);
    try (URLClassLoader loader = new URLClassLoader(new URL[] {classes.toUri().toURL()}, null)) {
      Method check = loader.loadClass("Edit").getMethod("failures", Path.class);
      return (List<?>) check.invoke(null, checkout);
    }
  }

  @Test
  void eachPlantedBugStillApplies() throws IOException, ReflectiveOperationException {
    assertEquals(List.of(), failures(CHECKOUT));
  }

  @Test
  void oneThatDoesNotApplyIsNamed() throws IOException, ReflectiveOperationException {
    Path checkout = directory.resolve("checkout");
    Path source = checkout.resolve("core/src/main/java/Counter.java");
    Files.createDirectories(source.getParent());
    Files.createDirectories(checkout.resolve("core/src/test/java"));
    Files.createFile(checkout.resolve("core/src/test/java/CounterTest.java"));
    for (String module : List.of("storage", "testkit", "raft", "paxos", "transport")) {
      Files.createDirectories(checkout.resolve(module).resolve("src/main/java"));
    }
    Path bug = checkout.resolve("testkit/mutants/core/one-too-many.edit");
    Files.createDirectories(bug.getParent());
    Files.writeString(
        bug,
        """
        It counts by two.

        test CounterTest.counts
        class Counter
        <<<<<<<
        count++;
        =======
        count += 2;
        >>>>>>>
        """);
    Files.writeString(source, "count++;\n");
    assertEquals(List.of(), failures(checkout));
    Files.writeString(source, "count++;\n  count++;\n");
    assertFails("DOES NOT APPLY, is there twice: [count++;]: core/one-too-many", checkout);
    Files.writeString(source, "count += 1;\n");
    assertFails("DOES NOT APPLY, is not there: [count++;]: core/one-too-many", checkout);
    Files.writeString(source, "count++;\n");
    Files.delete(checkout.resolve("core/src/test/java/CounterTest.java"));
    assertFails("NO TEST CLASS CounterTest FOR core/one-too-many", checkout);
  }

  private void assertFails(String why, Path checkout)
      throws IOException, ReflectiveOperationException {
    List<?> failures = failures(checkout);
    assertTrue(failures.equals(List.of(why)), failures::toString);
  }
}

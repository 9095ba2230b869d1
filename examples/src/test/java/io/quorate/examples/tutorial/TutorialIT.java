package io.quorate.examples.tutorial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.examples.cli.Temporary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Does what docs/tutorial.md says, in an empty directory: a project outside of the tree that
 * depends on the BOM and three artifacts. Uses ports 7001 to 7003, like the page.
 */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TutorialIT {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final int LINES_MAX = 30;
  private static final int FOREIGN_JARS_MAX = 9;
  private static final int FOREIGN_JARS_MAX_WITHOUT_NETTY = 2;
  private static final long OWN_BYTES_MAX = 1 << 20;

  @TempDir Path project;

  @Test
  void thePageIsTrue() throws Exception {
    Path shared = Path.of(System.getProperty("quorate.repository"));
    try (Temporary repository = Temporary.create("quorate-repository-");
        Terminals terminals = new Terminals(project)) {
      Published.into(repository.path(), ROOT, shared);
      for (Page.Step step : Page.read(ROOT.resolve("docs/tutorial.md"))) {
        take(step, terminals, repository.path());
      }
    }
    assertEquals(List.of(), surplus(), "user's code beyond " + LINES_MAX + " lines");
    assertJarsAreThoseOfTheBudget();
  }

  private void take(Page.Step step, Terminals terminals, Path repository) throws Exception {
    if (step instanceof Page.Write write) {
      Path file = project.resolve(write.path());
      Files.createDirectories(file.getParent());
      Files.writeString(file, write.content());
    } else if (step instanceof Page.Run run) {
      terminals.run(
          run.terminal(),
          run.command().replaceFirst("^mvn ", "mvn -o -Dmaven.repo.local=" + repository + " "));
    } else if (step instanceof Page.Type type) {
      terminals.type(type.terminal(), type.line());
    } else if (step instanceof Page.See see) {
      terminals.see(see.terminal(), see.line());
    } else if (step instanceof Page.Kill kill) {
      terminals.kill(kill.terminal());
    }
  }

  /** The lines of the service beyond the most that it may have, imports and blanks not counted. */
  private List<String> surplus() throws IOException {
    try (Stream<String> lines = Files.lines(project.resolve("src/main/java/Tickets.java"))) {
      return lines
          .filter(line -> !line.isBlank() && !line.startsWith("import "))
          .skip(LINES_MAX)
          .toList();
    }
  }

  private void assertJarsAreThoseOfTheBudget() throws IOException {
    List<Path> jars;
    try (Stream<Path> files = Files.list(project.resolve("target/dependency"))) {
      jars = files.sorted().toList();
    }
    List<String> names = jars.stream().map(jar -> jar.getFileName().toString()).toList();
    assertEquals(
        Files.readAllLines(Path.of("src/test/resources/dependencies.txt")), names, "the list");
    long own = 0;
    int foreign = 0;
    int netty = 0;
    for (Path jar : jars) {
      if (jar.getFileName().toString().startsWith("quorate-")) {
        own += Files.size(jar);
      } else if (!jar.getFileName().toString().startsWith("jspecify-")) {
        foreign++;
        netty += jar.getFileName().toString().startsWith("netty-") ? 1 : 0;
      }
    }
    assertTrue(foreign <= FOREIGN_JARS_MAX, names.toString());
    assertTrue(foreign - netty <= FOREIGN_JARS_MAX_WITHOUT_NETTY, names.toString());
    assertTrue(own <= OWN_BYTES_MAX, own + " bytes of our own");
    long withPaxos = own - jarBytes("raft") + jarBytes("paxos");
    assertTrue(withPaxos <= OWN_BYTES_MAX, withPaxos + " bytes of our own with Multi-Paxos");
  }

  private static long jarBytes(String module) throws IOException {
    return Files.size(Published.jar(ROOT.resolve(module)));
  }
}

package io.quorate.raft;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.testkit.SimRun;
import io.quorate.testkit.TraceEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * One seed, one trace, byte for byte: again in this JVM; in another one, where hash tables are
 * salted otherwise; and in other JDKs that are installed beside this one.
 */
class SameTraceTest {
  private static final int SEEDS = 3;
  private static final int OLDEST_JDK = 17;

  @Test
  void aSeedHasTheSameTraceTwice() {
    for (long seed = 0; seed < SEEDS; seed++) {
      assertSame(trace(seed, TraceEvent::line), trace(seed, TraceEvent::line));
    }
  }

  @Test
  void aSeedHasTheSameTraceInAnotherJvm() throws IOException, InterruptedException {
    Path home = Path.of(System.getProperty("java.home"));
    assertSame(traces(), tracesOf(home));
  }

  @Test
  void aSeedHasTheSameTraceInOtherJdks() throws IOException, InterruptedException {
    Path home = Path.of(System.getProperty("java.home")).toRealPath();
    for (Path other : jdksBeside(home)) {
      System.out.println("SameTraceTest: " + home.getFileName() + " and " + other.getFileName());
      assertSame(traces(), tracesOf(other));
    }
  }

  @Test
  void eachLineOfJsonIsAnObject() {
    List<String> lines = trace(0, TraceEvent::json).lines().toList();
    assertTrue(lines.size() > 1_000);
    for (String line : lines) {
      assertTrue(
          line.matches("\\{\"time\":[0-9]+(,\"[A-Za-z]+\":([0-9-]+|\"([^\"\\\\]++|\\\\.)*+\"))*}"),
          line);
    }
  }

  /** For another JVM: writes the traces to a file. */
  public static void main(String[] args) throws IOException {
    Files.writeString(Path.of(args[0]), traces());
  }

  private static String traces() {
    StringBuilder all = new StringBuilder();
    for (long seed = 0; seed < SEEDS; seed++) {
      all.append(trace(seed, TraceEvent::json));
    }
    return all.toString();
  }

  private static String trace(long seed, Function<TraceEvent, String> format) {
    StringBuilder lines = new StringBuilder();
    SimRun.of(Raft.protocol(), new RaftWitness())
        .replicas(seed % 2 == 0 ? 3 : 5)
        .traced(seed, event -> lines.append(format.apply(event)).append('\n'));
    return lines.toString();
  }

  private static String tracesOf(Path jdk) throws IOException, InterruptedException {
    Path file = Files.createTempFile("quorate", ".jsonl");
    try {
      Process process =
          new ProcessBuilder(
                  jdk.resolve("bin/java").toString(),
                  "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
                  "-cp",
                  System.getProperty("java.class.path"),
                  SameTraceTest.class.getName(),
                  file.toString())
              .redirectErrorStream(true)
              .start();
      String said = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertEquals(0, process.waitFor(), said);
      return Files.readString(file);
    } finally {
      Files.delete(file);
    }
  }

  private static List<Path> jdksBeside(Path home) throws IOException {
    List<Path> others = new ArrayList<>();
    try (Stream<Path> siblings = Files.list(home.getParent())) {
      for (Path sibling : siblings.sorted().toList()) {
        boolean same = sibling.toRealPath().equals(home) || Files.isSymbolicLink(sibling);
        if (!same && Files.exists(sibling.resolve("bin/java")) && isRecent(sibling)) {
          others.add(sibling);
        }
      }
    }
    return others;
  }

  private static boolean isRecent(Path jdk) throws IOException {
    Path release = jdk.resolve("release");
    return Files.exists(release)
        && Files.readAllLines(release).stream()
            .filter(line -> line.matches("JAVA_VERSION=\"[0-9]+.*"))
            .map(line -> line.replaceAll("JAVA_VERSION=\"([0-9]+).*", "$1"))
            .anyMatch(version -> Integer.parseInt(version) >= OLDEST_JDK);
  }

  /** Without both traces in the message, which has room for the first line that differs. */
  private static void assertSame(String one, String other) {
    List<String> lines = one.lines().toList();
    List<String> others = other.lines().toList();
    for (int i = 0; i < Math.min(lines.size(), others.size()); i++) {
      assertEquals(lines.get(i), others.get(i), "line " + (i + 1));
    }
    assertEquals(lines.size(), others.size(), "lines");
  }
}

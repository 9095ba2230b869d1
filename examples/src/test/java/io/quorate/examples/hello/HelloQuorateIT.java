package io.quorate.examples.hello;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quorate.examples.Programs;
import io.quorate.examples.Programs.Running;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Three terminals, as the README says, with either engine: the program as it stands, and with the
 * one line (and its import) changed. Uses ports 7001 to 7003, like the program.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HelloQuorateIT {
  private static final Path SOURCE =
      Path.of("src/main/java/io/quorate/examples/hello/HelloQuorate.java");

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({"raft, Raft, 0", "paxos, MultiPaxos, 2"})
  void threeTerminalsCountTogetherAndSurviveALineThatIsNoNumber(
      String module, String protocol, int linesChanged) throws Exception {
    String classPath = System.getProperty("java.class.path");
    Path classes = compileFor(module, protocol, linesChanged, classPath);
    try (Programs programs = new Programs(directory, classes + File.pathSeparator + classPath)) {
      Running one = programs.start(HelloQuorate.class, "1");
      Running two = programs.start(HelloQuorate.class, "2");
      Running three = programs.start(HelloQuorate.class, "3");
      one.type("40");
      assertEquals("total = 40", one.read());
      two.type("x");
      assertEquals("not a number: x", two.read());
      two.type("2");
      assertEquals("total = 42", two.read());
      three.type("-42");
      assertEquals("total = 0", three.read());
      for (Running running : List.of(one, two, three)) {
        assertEquals(0, running.end().code());
      }
    }
  }

  /** Compiles the program with that protocol in place of Raft; returns where its classes are. */
  private Path compileFor(String module, String protocol, int linesChanged, String classPath)
      throws IOException {
    List<String> changed = new ArrayList<>();
    int differing = 0;
    for (String line : Files.readAllLines(SOURCE)) {
      String other =
          line.replace("io.quorate.raft.Raft;", "io.quorate." + module + "." + protocol + ";")
              .replace(".protocol(Raft.protocol())", ".protocol(" + protocol + ".protocol())");
      differing += other.equals(line) ? 0 : 1;
      changed.add(other);
    }
    assertEquals(linesChanged, differing);
    Path source = Files.write(directory.resolve("HelloQuorate.java"), changed);
    Path classes = Files.createDirectory(directory.resolve("classes"));
    String[] arguments = {
      "-proc:none", "-implicit:none", "-cp", classPath, "-d", classes.toString(), source.toString()
    };
    assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments));
    return classes;
  }
}

package io.quorate.examples.hello;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.CommandRejectedException;
import io.quorate.examples.kv.FakeCommand;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class HelloQuorateTest {
  private final HelloQuorate counter = new HelloQuorate();

  private static String apply(HelloQuorate counter, String text) {
    return new String(counter.apply(new FakeCommand(1, text.getBytes(UTF_8))), UTF_8);
  }

  /** Without package, imports and blank lines. */
  private static List<String> program() throws IOException {
    Path source = Path.of("src/main/java/io/quorate/examples/hello/HelloQuorate.java");
    try (var lines = Files.lines(source)) {
      return lines
          .filter(line -> !line.isBlank())
          .filter(line -> !line.startsWith("import ") && !line.startsWith("package "))
          .toList();
    }
  }

  @Test
  void theProgramHasAtMostThirtyLines() throws IOException {
    assertTrue(program().size() <= 30, program().size() + " lines");
  }

  @Test
  void theReadmePrintsTheProgramAsItIs() throws IOException {
    String readme = Files.readString(Path.of("..", "README.md"));
    int begin = readme.indexOf("```java\n") + "```java\n".length();
    String printed =
        readme
            .substring(begin, readme.indexOf("```", begin))
            .lines()
            .filter(line -> !line.isBlank())
            .collect(Collectors.joining("\n"));
    assertEquals(String.join("\n", program()), printed);
  }

  @Test
  void numbersAreSummedAndOtherLinesRefused() {
    assertEquals("40", apply(counter, "40"));
    assertThrows(CommandRejectedException.class, () -> apply(counter, "x"));
    assertEquals("38", apply(counter, "-2"));
  }

  @Test
  void aSnapshotIsRestored() throws IOException {
    apply(counter, "42");
    ByteArrayOutputStream snapshot = new ByteArrayOutputStream();
    counter.snapshot(snapshot);
    HelloQuorate other = new HelloQuorate();
    other.restore(new ByteArrayInputStream(snapshot.toByteArray()));
    assertEquals("43", apply(other, "1"));
  }
}

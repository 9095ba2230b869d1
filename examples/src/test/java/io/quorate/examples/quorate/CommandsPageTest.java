package io.quorate.examples.quorate;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.examples.cli.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Each call of the command line on a page is one that it takes; QuorateIT runs each command. */
class CommandsPageTest {
  private static final String CALL = "    examples/quorate ";
  private static final Path ROOT = Path.of("..");

  @Test
  void eachCallOnAPageIsTakenAndEachCommandIsOnAPage() throws IOException {
    Set<String> shown = new TreeSet<>();
    for (String call : calls()) {
      CommandLine line = Program.line(new Quorate());
      try {
        CommandLine.ParseResult parsed = line.parseArgs(call.split(" +"));
        assertTrue(parsed.hasSubcommand(), call);
        shown.add(parsed.subcommand().commandSpec().name());
      } catch (ParameterException e) {
        throw new AssertionError("a page says examples/quorate " + call, e);
      }
    }
    Set<String> missing = new TreeSet<>(new CommandLine(new Quorate()).getSubcommands().keySet());
    missing.removeAll(shown);
    assertTrue(missing.isEmpty(), "on no page: " + missing);
  }

  private static List<String> calls() throws IOException {
    List<String> calls = new ArrayList<>();
    try (Stream<Path> pages = Files.list(ROOT.resolve("docs"))) {
      for (Path page : pages.filter(file -> file.toString().endsWith(".md")).toList()) {
        Files.readString(page)
            .lines()
            .filter(line -> line.startsWith(CALL))
            .map(line -> line.substring(CALL.length()).strip())
            .map(line -> line.replace("$CLUSTER", "1=a:7001,2=b:7001,3=c:7001"))
            .forEach(calls::add);
      }
    }
    assertFalse(calls.isEmpty());
    return calls;
  }
}

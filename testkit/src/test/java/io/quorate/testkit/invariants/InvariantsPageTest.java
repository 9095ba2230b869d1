package io.quorate.testkit.invariants;

import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds docs/invariants.md to the code: an id stands in the page, the code, and one checker. */
class InvariantsPageTest {
  private static final Path ROOT = Path.of("..");
  private static final Path CHECKERS = Path.of("src/main/java/io/quorate/testkit/invariants");
  private static final Pattern ROW =
      Pattern.compile("^\\| (I[A-Z]\\d+) \\| .* \\| ([CT ]+) \\|$", Pattern.MULTILINE);
  private static final Pattern RULE = Pattern.compile("RULE = \"(I[A-Z]\\d+) (\\w+)\"");

  private static final Map<String, String> ROWS = rows();

  private static Map<String, String> rows() {
    Map<String, String> rows = new TreeMap<>();
    Matcher row = ROW.matcher(read(ROOT.resolve("docs/invariants.md")));
    while (row.find()) {
      assertEquals(null, rows.put(row.group(1), row.group(2)), row.group(1) + " has two rows");
    }
    assertFalse(rows.isEmpty());
    return rows;
  }

  @Test
  void eachCheckerHasARowAndIsNamedAsItsClass() {
    Map<String, String> checkers = new TreeMap<>();
    for (Path file : sources(CHECKERS)) {
      Matcher rule = RULE.matcher(read(file));
      while (rule.find()) {
        String name = String.valueOf(file.getFileName()).replace(".java", "");
        assertEquals(name, rule.group(2), "the rule of " + file);
        assertEquals(null, checkers.put(rule.group(1), name), "two checkers of " + rule.group(1));
        assertTrue(
            read(file).contains(" " + rule.group(1) + ": "), name + " says its id in its Javadoc");
        assertTrue(ROWS.getOrDefault(rule.group(1), "").contains("T"), "no row for " + name);
      }
    }
    assertTrue(checkers.size() > 20, () -> String.valueOf(checkers));
  }

  @Test
  void whatIsCheckedFromOutsideIsNamedByACheckerOrATest() {
    assertNamed("T", "src/test/java", sources(Path.of("src/main/java")));
  }

  @Test
  void whatIsCheckedInTheCodeIsNamedThere() {
    assertNamed("C", "src/main/java", List.of());
  }

  private static void assertNamed(String mark, String folder, List<Path> more) {
    List<Path> files = new ArrayList<>(more);
    for (String module : List.of("core", "raft", "paxos", "storage", "transport")) {
      files.addAll(sources(ROOT.resolve(module).resolve(folder)));
    }
    if (mark.equals("T")) {
      files.addAll(sources(Path.of(folder)));
      files.removeIf(file -> file.endsWith("InvariantsPageTest.java"));
    }
    Set<String> missing = new TreeSet<>();
    ROWS.forEach(
        (id, where) -> {
          Pattern word = Pattern.compile("\\b" + id + "\\b");
          if (where.contains(mark)
              && files.stream().noneMatch(file -> word.matcher(read(file)).find())) {
            missing.add(id);
          }
        });
    assertEquals(Set.of(), missing, "marked " + mark + ", but named nowhere");
  }

  private static List<Path> sources(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .sorted()
          .collect(toCollection(ArrayList::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

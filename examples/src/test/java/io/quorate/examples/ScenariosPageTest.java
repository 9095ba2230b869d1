package io.quorate.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** docs/scenarios.md says what the tests hold: neither promises what the other does not have. */
class ScenariosPageTest {
  private static final Set<String> STATES = Set.of("green", "engines");
  private static final Map<String, Integer> FAMILIES =
      new TreeMap<>(
          Map.of("C", 26, "E", 20, "R", 21, "M", 15, "Q", 12, "N", 11, "A", 4, "D", 12, "P", 48));

  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| ([A-Z]\\d+) \\| ([SLO]) \\| (\\S.*) \\| (\\w+) \\|$");
  private static final Pattern ID = Pattern.compile("[CERMQNADP]\\d{1,2}");
  private static final Pattern NAMED = Pattern.compile("@(?:DisplayName|Label)\\(\\s*\"([^:\"]+):");
  private static final Pattern SCENARIO =
      Pattern.compile("@Scenario\\((?s:(?!\\bvoid\\b).)*?\\bid = (\\{[^}]*}|\"[^\"]*\")");
  private static final Pattern SUBCLASS = Pattern.compile("\\bextends (\\w+Scenarios)\\b");

  private static final Pattern COMMA = Pattern.compile(" ?, ?");

  private record Row(String id, String state) {}

  private static final List<Row> ROWS = new ArrayList<>();
  private static final TreeMap<String, TreeSet<String>> CITED = new TreeMap<>();

  @BeforeAll
  static void readTheTree() throws IOException {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve("docs/scenarios.md"))) {
      root = Objects.requireNonNull(root.getParent(), "the tests run inside the tree");
    }
    Matcher row = ROW.matcher(Files.readString(root.resolve("docs/scenarios.md")));
    while (row.find()) {
      ROWS.add(new Row(row.group(1), row.group(4)));
    }
    readTests(root);
  }

  /** Inherited scenarios of the testkit count if somebody runs them. */
  private static void readTests(Path root) throws IOException {
    Set<String> extended = new HashSet<>();
    List<Path> tests = sources(root, "src/test/java");
    for (Path test : tests) {
      String text = cite(test);
      Matcher subclass = SUBCLASS.matcher(text);
      while (subclass.find()) {
        extended.add(subclass.group(1));
      }
    }
    if (extended.contains("ConsensusScenarios")) {
      for (Path source : sources(root.resolve("testkit"), "src/main/java")) {
        cite(source);
      }
    }
  }

  private static List<Path> sources(Path root, String under) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> file.toString().replace('\\', '/').contains("/" + under + "/"))
          .toList();
    }
  }

  private static String cite(Path file) throws IOException {
    String text = Files.readString(file).replaceAll("(?m)^ *\\*.*$", "");
    Matcher named = NAMED.matcher(text);
    while (named.find()) {
      cite(file, named.group(1));
    }
    Matcher scenario = SCENARIO.matcher(text);
    while (scenario.find()) {
      cite(file, scenario.group(1).replaceAll("[{}\"\\s]+", " ").strip());
    }
    return text;
  }

  private static void cite(Path file, String ids) {
    for (String id : COMMA.split(ids, -1)) {
      if (ID.matcher(id).matches()) {
        CITED.computeIfAbsent(id, none -> new TreeSet<>()).add(file.getFileName().toString());
      }
    }
  }

  @Test
  @DisplayName("every scenario is on the page once, in its order, with a state that is known")
  void everyIdIsThereOnce() {
    Map<String, Integer> numbers = new TreeMap<>();
    for (Row row : ROWS) {
      String family = row.id().substring(0, 1);
      int number = numbers.merge(family, 1, Integer::sum);
      assertEquals(family + number, row.id());
      assertTrue(STATES.contains(row.state()), row::toString);
    }
    assertEquals(FAMILIES, numbers);
  }

  @Test
  @DisplayName("what the page calls green has a test that cites it")
  void greenHasATest() {
    List<String> missing =
        ROWS.stream()
            .filter(row -> row.state().equals("green") && !CITED.containsKey(row.id()))
            .map(Row::id)
            .toList();
    assertEquals(List.of(), missing);
  }

  @Test
  @DisplayName("what a test cites is green on the page")
  void citedIsGreen() {
    TreeMap<String, TreeSet<String>> more = new TreeMap<>(CITED);
    ROWS.stream().filter(row -> row.state().equals("green")).forEach(row -> more.remove(row.id()));
    assertEquals(Map.of(), more);
  }

  @Test
  @DisplayName("how many scenarios are green, by family")
  void counts() {
    StringBuilder text = new StringBuilder("scenarios green:");
    long all = 0;
    for (String family : FAMILIES.keySet()) {
      long green =
          ROWS.stream()
              .filter(row -> row.id().startsWith(family) && row.state().equals("green"))
              .count();
      text.append(' ').append(family).append(' ').append(green);
      text.append('/').append(FAMILIES.get(family));
      all += green;
    }
    System.out.println(text + ", in all " + all + "/" + ROWS.size());
    assertTrue(all > 0);
  }
}

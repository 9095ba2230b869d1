package io.quorate.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the pages show as Java is part of a source that is compiled, line by line. */
class SnippetsTest {
  private static final Pattern SNIPPET = Pattern.compile("(?ms)^```java\\n(.*?)^```$");

  @Test
  void eachSnippetStandsInASource() throws IOException {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve("docs/scenarios.md"))) {
      root = Objects.requireNonNull(root.getParent(), "the tests run inside the tree");
    }
    String sources = String.join("\n", read(root.resolve("examples/src"), ".java"));
    List<String> pages = read(root.resolve("docs"), ".md");
    // TutorialIT compiles and runs that one.
    assertTrue(pages.remove(Files.readString(root.resolve("docs/tutorial.md"))));
    pages.add(Files.readString(root.resolve("README.md")));
    List<String> missing = new ArrayList<>();
    int found = 0;
    for (String page : pages) {
      Matcher snippet = SNIPPET.matcher(page);
      while (snippet.find()) {
        found++;
        if (!sources.contains(snippet.group(1))) {
          missing.add(snippet.group(1));
        }
      }
    }
    assertEquals(List.of(), missing);
    assertTrue(found >= 3, "snippets are found at all: " + found);
  }

  private static List<String> read(Path folder, String ending) throws IOException {
    List<String> texts = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(path -> path.toString().endsWith(ending)).sorted().toList()) {
        texts.add(Files.readString(file));
      }
    }
    return texts;
  }
}

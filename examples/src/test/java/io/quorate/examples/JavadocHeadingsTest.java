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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Who may call it stands in the Javadoc of each public class and interface that is published, under
 * Threads; exceptions and values have nothing to say. Core's own test looks closer.
 */
class JavadocHeadingsTest {
  private static final Pattern TYPE =
      Pattern.compile(
          "(?ms)^/\\*\\*(.*?)\\*/\\s*(?:^/\\*.*?\\*/\\s*)?(?:^@\\w+(?:\\([^)]*\\))?[^\\n]*\\s)*"
              + "^public (?:final |abstract |sealed )*(?:class|interface) (\\w+)");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "core/src/main/java/io/quorate",
        "core/src/main/java/io/quorate/spi",
        "hash-ring/src/main/java/io/quorate/ring",
        "storage/src/main/java/io/quorate/storage",
        "transport/src/main/java/io/quorate/transport",
        "raft/src/main/java/io/quorate/raft",
        "paxos/src/main/java/io/quorate/paxos"
      })
  void eachTypeSaysWhoMayCallIt(String folder) throws IOException {
    List<String> without = new ArrayList<>();
    int found = 0;
    try (Stream<Path> files = Files.list(root().resolve(folder))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).sorted().toList()) {
        Matcher type = TYPE.matcher(Files.readString(file));
        if (type.find() && !type.group(2).endsWith("Exception")) {
          found++;
          if (!type.group(1).matches("(?s).*<b>Threads[,.].*")) {
            without.add(type.group(2));
          }
        }
      }
    }
    assertEquals(List.of(), without);
    assertTrue(found > 0, "types are found at all");
  }

  @Test
  void aTypeWithoutTheHeadingIsFound() {
    Matcher type = TYPE.matcher("/** Why. */\n@Deprecated\npublic final class Some {");
    assertTrue(type.find());
    assertEquals("Some", type.group(2));
  }

  private static Path root() {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve("docs/scenarios.md"))) {
      root = Objects.requireNonNull(root.getParent(), "the tests run inside the tree");
    }
    return root;
  }
}

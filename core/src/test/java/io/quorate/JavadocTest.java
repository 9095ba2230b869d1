package io.quorate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Each public type says under a heading of its own what a caller must know of threads, durability,
 * bounds and errors, where there is something to know. Values, and exceptions, which are an answer
 * themselves, have none.
 */
class JavadocTest {
  private static final Pattern TYPE =
      Pattern.compile(
          "(?ms)^/\\*\\*(.*?)\\*/\\s*(?:^/\\*.*?\\*/\\s*)?^(?:@\\w+[^\\n]*\\s)*"
              + "public (?:final |abstract |sealed )*(class|interface|record|enum) (\\w+)");
  private static final Pattern HEADING = Pattern.compile("<b>([^<]+)\\.</b>");

  @Test
  void theFrontDoorHasItsHeadings() throws IOException {
    assertEquals(
        table(
            """
            Admin              bounds durability errors threads
            Backup             bounds durability errors threads
            Client             bounds durability errors threads
            Cluster            bounds errors threads
            Codec              errors threads
            Command            threads
            DurableStateMachine bounds durability errors threads
            Replica            bounds durability errors threads
            Service            bounds durability errors threads
            SnapshotWriter     errors threads
            StateMachine       bounds durability errors threads
            TypedStateMachine  bounds durability errors threads
            """),
        headings("io/quorate"));
  }

  @Test
  void theSpiHasItsHeadings() throws IOException {
    assertEquals(
        table(
            """
            Archive       durability errors threads
            Check         errors threads
            Effects       bounds durability errors threads
            Engine        bounds durability errors threads
            Formation     threads
            LeaderLease   bounds threads
            LeaderReads   bounds threads
            Log           durability errors threads
            LogStore      bounds durability errors threads
            LogView       errors threads
            Loop          threads
            Payload       threads
            Protocol      errors threads
            Quorum        threads
            ReadRequests  bounds threads
            Snapshots     bounds durability errors threads
            Timing        threads
            Transport     bounds bulk errors threads
            """),
        headings("io/quorate/spi"));
  }

  private static Map<String, String> table(String lines) {
    Map<String, String> table = new TreeMap<>();
    lines
        .lines()
        .forEach(line -> table.put(line.replaceFirst(" .*", ""), line.replaceFirst("\\w+ +", "")));
    return table;
  }

  /** Of interfaces and classes but exceptions; an entry is missing for one without a heading. */
  private static Map<String, String> headings(String folder) throws IOException {
    Map<String, String> found = new TreeMap<>();
    try (Stream<Path> files = Files.list(Path.of("src/main/java").resolve(folder))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        Matcher type = TYPE.matcher(Files.readString(file));
        if (type.find()
            && type.group(2).matches("class|interface")
            && !type.group(3).endsWith("Exception")) {
          found.put(type.group(3), headingsOf(type.group(1)));
        }
      }
    }
    return found;
  }

  private static String headingsOf(String comment) {
    TreeSet<String> headings = new TreeSet<>();
    Matcher heading = HEADING.matcher(comment);
    while (heading.find()) {
      String words = heading.group(1).replaceAll("[\\s*]+", " ").toLowerCase(Locale.ROOT);
      headings.addAll(Arrays.asList(words.split(", ")));
    }
    return headings.stream().collect(Collectors.joining(" "));
  }
}

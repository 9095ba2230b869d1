package io.quorate.examples.tour;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.examples.Programs;
import io.quorate.examples.Programs.Result;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TourIT {
  @TempDir Path directory;

  @Test
  void showsARingAndWhatGroupsOfTwoAndThreeSurvive() throws Exception {
    try (Programs programs = new Programs(directory)) {
      Result result = programs.run(Tour.class, List.of());
      assertEquals(0, result.code(), result.err());
      List<String> lines = result.out().lines().toList();
      assertTrue(lines.contains("  key1: A -> A, stays"), result.out());
      assertTrue(lines.contains("  key2: A -> A, stays"), result.out());
      for (String engine : List.of("paxos", "raft")) {
        String three = part(result.out(), engine + ", 3 replicas:");
        assertTrue(three.contains("  proposed {key1: value1}, got {key1: value1}\n"), three);
        assertTrue(three.matches("(?s).*is gone; replica [123] answers: \\{key1: value1}"), three);
        String two = part(result.out(), engine + ", 2 replicas:");
        assertTrue(two.contains("  proposed {key1: value1}, got {key1: value1}\n"), two);
        assertTrue(two.contains("answers: the read was not confirmed in time"), two);
      }
    }
  }

  /** From a heading to the end of the line that tells of the loss. */
  private static String part(String out, String heading) {
    int from = out.indexOf(heading);
    int loss = out.indexOf("is gone", from);
    return out.substring(from, out.indexOf('\n', loss));
  }
}

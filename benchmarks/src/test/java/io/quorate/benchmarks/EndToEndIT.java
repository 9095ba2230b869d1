package io.quorate.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The harness works; how fast anything is, no test says. */
class EndToEndIT {
  @TempDir Path directory;

  @Test
  void everyEngineGetsARowForEachNumberInFlight() throws IOException, InterruptedException {
    List<String> rows = rows("light,raft", "1,16");

    assertEquals(4, rows.size(), String.join("\n", rows));
    assertTrue(rows.get(0).startsWith("| 1 | light | "), rows.get(0));
    assertTrue(rows.get(1).startsWith("| 1 | raft | "), rows.get(1));
    assertTrue(rows.get(2).startsWith("| 16 | light | "), rows.get(2));
    assertTrue(rows.get(3).startsWith("| 16 | raft | "), rows.get(3));
  }

  @Test
  void aRunLeavesNothingBehind() throws IOException, InterruptedException {
    rows("light", "1");

    try (Stream<Path> left = Files.list(directory)) {
      assertEquals(List.of(), left.toList());
    }
  }

  private List<String> rows(String engines, String inflight)
      throws IOException, InterruptedException {
    String table =
        EndToEnd.measure(
            Options.parse(
                List.of(
                    "--engines",
                    engines,
                    "--inflight",
                    inflight,
                    "--seconds",
                    "1",
                    "--warmup",
                    "0",
                    "--rounds",
                    "1",
                    "--dir",
                    directory.toString())));
    return table.lines().skip(2).takeWhile(line -> line.startsWith("|")).toList();
  }
}

package io.quorate.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.examples.Programs;
import io.quorate.examples.Programs.Result;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KillAllIT {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"raft", "paxos"})
  void nothingAcknowledgedIsLostWhenAllProcessesAreKilledAtOnce(String engine) throws Exception {
    try (Programs programs = new Programs(directory)) {
      Result result =
          programs.run(
              Quickstart.class, List.of(), "--kill-all", "--rounds", "2", "--engine", engine);
      assertEquals(0, result.code(), () -> result.out() + result.err());
      assertTrue(
          result.out().contains(" acknowledged, 0 lost, 0 duplicated; digests equal"),
          result.out());
      for (int member = 1; member <= 3; member++) {
        assertTrue(result.out().contains("killed replica " + member + " with SIGKILL"));
      }
    }
  }
}

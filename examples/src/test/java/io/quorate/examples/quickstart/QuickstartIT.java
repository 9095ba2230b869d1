package io.quorate.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.examples.Programs;
import io.quorate.examples.Programs.Result;
import io.quorate.examples.Programs.Running;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class QuickstartIT {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"raft", "paxos"})
  void aRoundLosesNothingWhenTheLeaderIsKilled(String engine) throws Exception {
    try (Programs programs = new Programs(directory)) {
      Result result =
          programs.run(Quickstart.class, List.of(), "--rounds", "1", "--engine", engine);
      assertEquals(0, result.code(), () -> result.out() + result.err());
      assertTrue(
          result.out().contains(" acknowledged, 0 lost, 0 duplicated; digests equal"),
          result.out());
      assertTrue(result.out().contains("loading 249 lines of "), result.out());
      assertTrue(result.out().contains(", the leader, with SIGKILL"), result.out());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"raft", "paxos"})
  void linesFromStandardInputAreLoadedAndTheWorkIsKept(String engine) throws Exception {
    Path keep = directory.resolve("keep");
    try (Programs programs = new Programs(directory)) {
      List<String> lines = List.of("a=1", "b=2");
      Result result =
          programs.run(Quickstart.class, lines, "-", "--keep=" + keep, "--engine=" + engine);
      assertEquals(0, result.code(), () -> result.out() + result.err());
      assertTrue(result.out().contains("loading 2 lines of standard input"), result.out());
      assertTrue(Files.isDirectory(keep.resolve("replica-1")));
    }
  }

  @Test
  void theReplicasEndWhenTheirParentIsKilled() throws Exception {
    try (Programs programs = new Programs(directory)) {
      Running quickstart =
          programs.start(
              Quickstart.class, "--rounds=100", "--keep", directory.resolve("keep").toString());
      List<ProcessHandle> replicas = new ArrayList<>();
      for (int member = 1; member <= 3; member++) {
        long pid = Long.parseLong(quickstart.await("replica " + member + ": pid "));
        replicas.add(ProcessHandle.of(pid).orElseThrow());
      }
      quickstart.await("round 1");
      quickstart.kill();
      for (ProcessHandle replica : replicas) {
        replica.onExit().get(20, TimeUnit.SECONDS);
      }
    }
  }

  @Test
  void wrongArgumentsAndInputAreOneSentenceAndStartNothing() throws Exception {
    Path used = Files.createDirectory(directory.resolve("used"));
    Files.writeString(used.resolve("file"), "content");
    Path keep = directory.resolve("keep");
    try (Programs programs = new Programs(directory)) {
      assertMisused(
          "quickstart: line 2 of standard input is \"foo\"; write key=value\n",
          programs.run(Quickstart.class, List.of("a=1", "foo"), "-", "--keep", keep.toString()));
      assertMisused(
          "quickstart: there is no file nowhere; name one that exists\n",
          programs.run(Quickstart.class, List.of(), "--input=nowhere", "--keep", keep.toString()));
      assertMisused(
          "quickstart: --keep " + used + " is in use; name a new or empty directory\n",
          programs.run(Quickstart.class, List.of(), "--keep", used.toString()));
      assertMisused(
          "quickstart: Unknown option: '--round'; --help explains it\n",
          programs.run(Quickstart.class, List.of(), "--round", "2"));
      assertMisused(
          "quickstart: Invalid value for option '--engine': there is no \"zab\"; raft and paxos"
              + " are; --help explains it\n",
          programs.run(Quickstart.class, List.of(), "--engine", "zab"));
    }
    assertFalse(Files.exists(keep));
  }

  private static void assertMisused(String sentence, Result result) {
    assertEquals(sentence, result.err());
    assertEquals(2, result.code());
    assertEquals("", result.out());
  }
}

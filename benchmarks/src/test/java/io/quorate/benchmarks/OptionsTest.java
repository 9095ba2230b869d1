package io.quorate.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {
  @Test
  void whatIsNotNamedHasItsDefault() {
    Options options = Options.parse(List.of());

    assertEquals(List.of("light", "raft", "paxos"), options.engines());
    assertEquals(List.of(1, 256), options.inflight());
    assertEquals(1024, options.payload());
    assertEquals(5, options.seconds());
    assertEquals(3, options.warmup());
    assertEquals(3, options.rounds());
  }

  @Test
  void everyOptionIsRead() {
    Options options =
        Options.parse(
            List.of(
                ("--engines raft --inflight 16,4096 --payload 128 --seconds 2 --warmup 0"
                        + " --rounds 7 --dir somewhere")
                    .split(" ", -1)));

    assertEquals(List.of("raft"), options.engines());
    assertEquals(List.of(16, 4096), options.inflight());
    assertEquals(128, options.payload());
    assertEquals(2, options.seconds());
    assertEquals(0, options.warmup());
    assertEquals(7, options.rounds());
    assertEquals(Path.of("somewhere"), options.directory());
  }

  @Test
  void optionsOfTheJvmAreCutAtSpaces() {
    assertEquals(
        List.of("-Xmx2g", "-Dio.netty.transport.noNative=true"),
        Options.parse(List.of("--jvm", " -Xmx2g  -Dio.netty.transport.noNative=true")).jvm());
  }

  @ParameterizedTest
  @CsvSource({
    "--inflight, 0",
    "--inflight, '1,,2'",
    "--inflight, 65537",
    "--payload, -1",
    "--payload, 1048577",
    "--seconds, 0",
    "--rounds, many",
    "--rounds, 99999999999999",
    "--engines, raft;light",
    "--engines, paxos2",
    "--unknown, 1",
  })
  void aWrongValueIsNamedInTheMessage(String name, String value) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> Options.parse(List.of(name, value)));

    String message = String.valueOf(refused.getMessage());
    assertTrue(message.contains(name) || message.contains("no engine is called"), message);
  }

  @Test
  void anOptionWithoutItsValueIsRefused() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> Options.parse(List.of("--rounds", "3", "--seconds")));

    assertEquals(
        "--seconds is no option or lacks its value; --help lists the options",
        refused.getMessage());
  }
}

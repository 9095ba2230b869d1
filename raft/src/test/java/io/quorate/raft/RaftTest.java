package io.quorate.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.spi.Stamp;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RaftTest {
  @Test
  @DisplayName("the defaults are valid and named for ever")
  void defaults() {
    Raft.protocol().validate();
    assertEquals("raft", Raft.protocol().name());
    assertEquals("raft(electionTimeout=1000 ms, heartbeat=100 ms)", Raft.protocol().toString());
  }

  @Test
  @DisplayName("options that cannot work are refused with a remedy")
  void badOptions() {
    Raft raft = Raft.protocol();
    assertTrue(refusal(raft.heartbeat(Duration.ZERO)).contains("above zero"));
    assertTrue(refusal(raft.heartbeat(Duration.ofMillis(-1))).contains("above zero"));
    assertTrue(refusal(raft.electionTimeout(Duration.ofMillis(299))).contains("three heartbeats"));
    assertTrue(refusal(raft.electionTimeout(Duration.ofDays(9000))).contains("an hour at most"));
    raft.electionTimeout(Duration.ofMillis(300)).validate();
  }

  @Test
  @DisplayName("stamps are ordered by term")
  void stamps() {
    Raft raft = Raft.protocol();
    assertTrue(raft.compareStamps(new Stamp(1, 0), new Stamp(2, 0)) < 0);
    assertEquals(0, raft.compareStamps(new Stamp(2, 0), new Stamp(2, 0)));
  }

  private static String refusal(Raft raft) {
    return String.valueOf(
        assertThrows(IllegalArgumentException.class, raft::validate).getMessage());
  }
}

package io.quorate.examples.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quorate.examples.hello.HelloQuorate;
import io.quorate.raft.Raft;
import io.quorate.testkit.EmbeddedCluster;
import io.quorate.transport.InMemoryTransport;
import org.junit.jupiter.api.Test;

/** A cluster in one line of an ordinary unit test. */
class EmbeddedClusterTest {
  @Test
  void whatIsAcknowledgedOutlivesTheLossOfAnyMember() {
    InMemoryTransport.Hub hub = InMemoryTransport.hub();
    try (var cluster =
        EmbeddedCluster.start(3, Raft.protocol(), hub::transport, HelloQuorate::new)) {
      assertEquals("4", add(cluster, 1, "4"));
      for (int down = 1; down <= 3; down++) {
        cluster.crash(down);
        assertEquals("" + (4 + down), add(cluster, 1 + down % 3, "1"));
        cluster.restart(down);
        cluster.replica(down).ready().join();
      }
      assertEquals("7", add(cluster, 3, "0"));
    }
  }

  private static String add(EmbeddedCluster cluster, int member, String number) {
    return new String(
        cluster.replica(member).propose(number.getBytes(UTF_8)).join().value(), UTF_8);
  }

  @Test
  void whoIsDownIsNotThere() {
    InMemoryTransport.Hub hub = InMemoryTransport.hub();
    try (var cluster =
        EmbeddedCluster.start(3, Raft.protocol(), hub::transport, HelloQuorate::new)) {
      cluster.crash(2);
      var no = assertThrows(IllegalArgumentException.class, () -> cluster.replica(2));
      assertEquals("member 2 does not run; those that do are [1, 3]", no.getMessage());
      assertThrows(IllegalArgumentException.class, () -> cluster.restart(1));
    }
  }
}

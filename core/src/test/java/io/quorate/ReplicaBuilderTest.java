package io.quorate;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplicaBuilderTest {
  @Test
  void aTimeoutThatNobodyCanMeanIsRefusedInASentence() {
    Replica.Builder builder = Replica.of(Cluster.parse("1=a:1,2=b:2,3=c:3"), 1);
    Duration forever = Duration.ofSeconds(Long.MAX_VALUE);
    for (Duration wrong : List.of(Duration.ZERO, Duration.ofSeconds(-1), forever)) {
      String said =
          assertThrows(IllegalArgumentException.class, () -> builder.proposalTimeout(wrong))
              .getMessage();
      assertTrue(String.valueOf(said).contains("365 days"), said);
    }
  }
}

package io.quorate.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.OverloadedException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class OpenLoadTest {
  private static final int PAYLOAD = 16;

  private static OpenLoad load(Function<byte[], CompletableFuture<?>> target, int slots) {
    return new OpenLoad(target, PAYLOAD, slots, () -> 42);
  }

  private interface Condition {
    boolean holds(OpenLoad.Counts counts);
  }

  private static OpenLoad.Counts await(OpenLoad load, Condition condition) {
    OpenLoad.Counts counts = load.counts();
    while (!condition.holds(counts)) {
      Thread.onSpinWait();
      counts = load.counts();
    }
    return counts;
  }

  @Test
  void whatIsAcknowledgedAndWhatIsRefusedIsToldApart() {
    OverloadedException full = new OverloadedException("full", Duration.ofMillis(1));
    AtomicInteger asked = new AtomicInteger();
    try (OpenLoad load =
        load(
            command -> {
              assertEquals(42, ByteBuffer.wrap(command).getLong());
              return asked.incrementAndGet() % 2 == 0
                  ? CompletableFuture.completedFuture(command)
                  : CompletableFuture.failedFuture(full);
            },
            64)) {
      load.rate(100_000);
      OpenLoad.Counts counts = await(load, now -> now.completed() > 99 && now.refused() > 99);
      assertEquals(counts.submitted(), counts.completed() + counts.refused());
      assertTrue(load.latencies().getTotalCount() > 0);
    }
  }

  @Test
  void aCommandThatIsDueWhileAllAreOnTheirWayIsCounted() {
    CompletableFuture<Object> answer = new CompletableFuture<>();
    try (OpenLoad load = load(command -> answer, 8)) {
      load.rate(100_000);
      OpenLoad.Counts counts = await(load, now -> now.starved() > 0);
      assertEquals(8, counts.submitted());
      load.rate(0);
      answer.complete(PAYLOAD);
      await(load, now -> now.completed() >= 8);
    }
  }

  @Test
  void anotherFailureIsNoFigure() {
    try (OpenLoad load =
        load(command -> CompletableFuture.failedFuture(new IllegalStateException("gone")), 8)) {
      load.rate(100_000);
      IllegalStateException failure =
          assertThrows(IllegalStateException.class, () -> await(load, now -> false));
      assertEquals("a command failed: java.lang.IllegalStateException: gone", failure.getMessage());
    }
  }
}

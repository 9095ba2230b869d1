package io.quorate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class OverloadedExceptionTest {
  @Test
  void aRefusalDoesNotWalkTheStack() {
    OverloadedException refusal =
        assertThrows(
            OverloadedException.class,
            () -> {
              throw new OverloadedException("full", Duration.ofMillis(50));
            });
    assertEquals(0, refusal.getStackTrace().length);
    refusal.addSuppressed(new IllegalStateException("of one caller"));
    assertEquals(0, refusal.getSuppressed().length, "other callers may have the same one");
    assertEquals("full", refusal.getMessage());
    assertEquals(Duration.ofMillis(50), refusal.retryAfter());
  }
}

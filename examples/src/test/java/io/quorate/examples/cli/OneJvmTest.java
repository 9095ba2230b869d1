package io.quorate.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quorate.examples.hello.HelloQuorate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OneJvmTest {
  private static final long PATIENCE_MILLIS = 20_000;

  @Test
  void whereOneReplicaDoesNotStartNoneIsLeft(@TempDir Path above) throws Exception {
    Path directory = Files.createDirectory(above.resolve("group"));
    Set<Thread> threads = threads();
    AtomicInteger made = new AtomicInteger();
    IllegalStateException no =
        assertThrows(
            IllegalStateException.class,
            () ->
                OneJvm.start(
                    new Temporary(directory),
                    Engines.RAFT,
                    3,
                    () -> {
                      if (made.incrementAndGet() == 3) {
                        throw new IllegalStateException("the third one");
                      }
                      return new HelloQuorate();
                    }));
    assertEquals("the third one", no.getMessage());
    Set<Thread> left = new HashSet<>(threads());
    left.removeAll(threads);
    for (Thread thread : left) {
      thread.join(PATIENCE_MILLIS);
      assertFalse(thread.isAlive(), thread.getName());
    }
    assertFalse(Files.exists(directory));
  }

  private static Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("quorate-"))
        .collect(Collectors.toSet());
  }
}

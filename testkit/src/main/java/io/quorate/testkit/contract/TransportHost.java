package io.quorate.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.spi.Payload;
import io.quorate.spi.Transport;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** A host in a test of transports: its link, and what it was told. */
record TransportHost(RecordingListener heard, Transport.Link link) {
  private static final long LIMIT_SECONDS = 10;

  /** Sends from the first loop and throws here what it throws there. */
  void send(int to, int kind, ByteBuffer header, List<Payload> values) {
    inLoop(() -> link.send(to, kind, header, values));
  }

  /** Runs it in the first loop and throws here what it throws there. */
  void inLoop(Runnable task) {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    link.loop(0)
        .execute(
            () -> {
              try {
                task.run();
                done.complete(true);
              } catch (RuntimeException | Error e) {
                done.completeExceptionally(e);
              }
            });
    assertTrue(await(done));
  }

  /** What the future brings within the limit. */
  static <T> T await(CompletableFuture<T> future) {
    try {
      return future.orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }
}

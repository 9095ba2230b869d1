package io.quorate.runtime;

import io.quorate.ReadMode;
import io.quorate.runtime.Calls.Query;
import io.quorate.spi.Loop;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Whether a replica has caught up. Ready is: a linearizable read that began after the start has
 * been served. Loop only.
 */
final class Readiness {
  private final CompletableFuture<Void> ready;
  private final Loop loop;
  private final RandomGenerator random;
  private final Runnable reached;
  private boolean caughtUp;

  /**
   * Of a replica that starts.
   *
   * @param ready completes when it has caught up
   * @param reached runs then, in the loop
   */
  Readiness(CompletableFuture<Void> ready, Loop loop, RandomGenerator random, Runnable reached) {
    this.ready = ready;
    this.loop = loop;
    this.random = random;
    this.reached = reached;
  }

  /** The read that tells. */
  Query probe() {
    return new Probe();
  }

  /**
   * None before this replica has caught up: until then the time that it has applied may lie further
   * back than a session lives, see {@link SessionId}.
   */
  @Nullable SessionId drawSession(long time) {
    return !caughtUp ? null : new SessionId(time, random.nextLong());
  }

  private final class Probe extends Query {
    Probe() {
      super(NOTHING, loop.nanoTime() + Long.MAX_VALUE / 2, ReadMode.LINEARIZABLE);
    }

    @Override
    public boolean complete(byte[] value) {
      loop.execute(
          () -> {
            caughtUp = true;
            reached.run();
          });
      ready.complete(null);
      return true;
    }
  }
}

package io.quorate.storage.disk;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The sound records of one segment after the other: a helper reads those of every other one
 * meanwhile, unless it has not begun when they are asked for.
 */
final class SoundAhead {
  private final List<Segment> segments;
  private final Executor helper;
  private final Window window;
  private @Nullable Window helpers;
  private @Nullable Reading ahead;

  /**
   * Of at least one segment.
   *
   * @param window used here, and only during calls
   */
  SoundAhead(List<Segment> segments, Window window, Executor helper) {
    this.segments = segments;
    this.helper = helper;
    this.window = window;
  }

  private final class Reading implements Runnable {
    private final Segment segment;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final CompletableFuture<SoundRecords> records = new CompletableFuture<>();

    Reading(Segment segment) {
      this.segment = segment;
    }

    /** Reads, unless somebody else does or did. */
    @Override
    public void run() {
      if (begun.compareAndSet(false, true)) {
        try {
          records.complete(SoundRecords.of(segment, helpers()));
        } catch (IOException | RuntimeException | Error e) {
          records.completeExceptionally(e);
        }
      }
    }
  }

  /** One reading begins when the one before has ended. */
  private Window helpers() {
    Window made = helpers;
    if (made == null) {
      made = new Window(segments.get(0));
      helpers = made;
    }
    return made;
  }

  /** Those of that segment: of each one in turn, from the first. */
  SoundRecords of(int number) throws IOException {
    Reading reading = ahead;
    if (reading != null) {
      ahead = null;
      reading.run();
      return await(reading.records);
    }
    if (number + 1 < segments.size()) {
      ahead = new Reading(segments.get(number + 1));
      helper.execute(ahead);
    }
    return SoundRecords.of(segments.get(number), window);
  }

  private static SoundRecords await(CompletableFuture<SoundRecords> records) throws IOException {
    try {
      return records.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof IOException failed) {
        throw failed;
      }
      throw e;
    }
  }
}

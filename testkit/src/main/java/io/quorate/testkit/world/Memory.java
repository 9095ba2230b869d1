package io.quorate.testkit.world;

import org.jspecify.annotations.Nullable;

/**
 * Some of the frames that members sent to members: the last ones, and one of many of those before.
 */
final class Memory {
  private static final int LATEST = 256;
  private static final int OLDER = 256;
  private static final int ONE_OF = 16;

  private final @Nullable Frame[] latest = new Frame[LATEST];
  private final @Nullable Frame[] older = new Frame[OLDER];

  void sent(Frame frame) {
    latest[(int) (frame.id % LATEST)] = frame;
    if (frame.id % ONE_OF == 0) {
      older[(int) (frame.id / ONE_OF % OLDER)] = frame;
    }
  }

  /** One of them; null if the draw hits nothing. */
  @Nullable Frame any(Weather weather) {
    return weather.any(2) == 0 ? latest[weather.any(LATEST)] : older[weather.any(OLDER)];
  }
}

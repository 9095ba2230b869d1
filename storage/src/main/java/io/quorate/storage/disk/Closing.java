package io.quorate.storage.disk;

import java.io.Closeable;
import java.io.IOException;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Closing several things. */
final class Closing {
  private Closing() {}

  /** Each is closed whatever becomes of the others; what has failed first is thrown. */
  static void all(Collection<? extends Closeable> open) throws IOException {
    @Nullable IOException failure = null;
    for (Closeable one : open) {
      try {
        one.close();
      } catch (IOException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}

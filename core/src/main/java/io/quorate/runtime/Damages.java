package io.quorate.runtime;

import io.quorate.spi.LogStore;
import io.quorate.spi.StorageException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a replica was found to lack, in words. */
final class Damages {
  private Damages() {}

  /** Of a log that was just opened; null if all is there. */
  static @Nullable String of(int member, Beginning beginning) {
    String ofLog = ofLog(member, beginning.log());
    MuteEngine.Lost lost = beginning.lost();
    if (lost == null) {
      return ofLog;
    }
    String ofSnapshot = "member " + member + " has lost its newest snapshot: " + lost.why();
    return ofLog == null ? ofSnapshot : ofSnapshot + ". And " + ofLog;
  }

  private static @Nullable String ofLog(int member, LogStore.Group log) {
    LogStore.Recovered recovered = log.recovered();
    List<Long> faulty = recovered.faulty();
    if (recovered.savedLost() == null && faulty.isEmpty()) {
      return null;
    }
    StringBuilder words = new StringBuilder("the log of member ").append(member);
    if (recovered.savedLost() != null) {
      words.append(" has lost the engine's saved record: ").append(recovered.savedLost());
    }
    if (!faulty.isEmpty()) {
      words
          .append(recovered.savedLost() == null ? " has" : "; and it has")
          .append(" entries that cannot be read (")
          .append(faulty)
          .append("): ")
          .append(placeOf(faulty.get(0), log));
    }
    return words.toString();
  }

  /** What the store says of an entry that cannot be read: it knows the file and the offset. */
  private static String placeOf(long faulty, LogStore.Group log) {
    try {
      log.read(log.recovered().epoch(), faulty, 0, entry -> false);
      return "entry " + faulty + " can be read now";
    } catch (StorageException e) {
      return String.valueOf(e.getMessage());
    }
  }
}

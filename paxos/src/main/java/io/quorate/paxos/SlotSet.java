package io.quorate.paxos;

import java.util.Map;
import java.util.TreeMap;

/** A set of slots, as few ranges as may be: what is chosen above the first slot that is not. */
final class SlotSet {
  private final TreeMap<Long, Long> ranges = new TreeMap<>();

  boolean isEmpty() {
    return ranges.isEmpty();
  }

  boolean contains(long slot) {
    Map.Entry<Long, Long> below = ranges.isEmpty() ? null : ranges.floorEntry(slot);
    return below != null && slot <= below.getValue();
  }

  void add(long slot) {
    if (contains(slot)) {
      return;
    }
    long from = slot;
    long to = slot;
    Map.Entry<Long, Long> before = ranges.floorEntry(slot - 1);
    if (before != null && before.getValue() == slot - 1) {
      from = before.getKey();
    }
    Long after = ranges.remove(slot + 1);
    if (after != null) {
      to = after;
    }
    ranges.put(from, to);
  }

  /** The lowest slot; only of a set that is not empty. */
  long first() {
    return ranges.firstKey();
  }

  /** Removes all slots up to and with that one. */
  void removeTo(long slot) {
    Map.Entry<Long, Long> last = ranges.floorEntry(slot);
    if (last != null) {
      ranges.headMap(slot, true).clear();
      if (last.getValue() > slot) {
        ranges.put(slot + 1, last.getValue());
      }
    }
  }

  /**
   * If the set begins at {@code slot}: removes its first range and tells its end; else slot - 1.
   */
  long removeFrom(long slot) {
    Long to = ranges.isEmpty() ? null : ranges.remove(slot);
    return to == null ? slot - 1 : to;
  }
}

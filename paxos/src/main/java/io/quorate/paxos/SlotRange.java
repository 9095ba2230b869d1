package io.quorate.paxos;

import io.quorate.spi.Check;
import java.util.ArrayList;
import java.util.List;

/** Slots that stand together, both ends included. */
record SlotRange(long from, long to) {
  SlotRange {
    Check.that(from > 0 && from <= to, "a range of slots begins before it ends", from, to);
  }

  boolean contains(long slot) {
    return from <= slot && slot <= to;
  }

  /** Puts slots, told one by one, together; best in ascending order. */
  static final class Gatherer {
    private final List<SlotRange> ranges = new ArrayList<>(2);
    private long from;
    private long to;

    void add(long slot) {
      if (from != 0 && slot == to + 1) {
        to = slot;
        return;
      }
      close();
      from = slot;
      to = slot;
    }

    boolean isEmpty() {
      return from == 0 && ranges.isEmpty();
    }

    /** All that was told; the gatherer is empty again. */
    List<SlotRange> take() {
      close();
      from = 0;
      List<SlotRange> taken = List.copyOf(ranges);
      ranges.clear();
      return taken;
    }

    private void close() {
      if (from != 0) {
        ranges.add(new SlotRange(from, to));
      }
    }
  }
}

package io.quorate.storage.disk;

import io.quorate.spi.Check;
import io.quorate.spi.Stamp;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where the entries of one epoch stand: pages of primitive arrays, so that growing copies little.
 * While a log is replayed it keeps their kinds and stamps too. Each record that it points at counts
 * as live. Not safe for concurrent use.
 */
final class EpochIndex {
  private static final int PAGE = 256;

  private final LiveBytes live;
  private @Nullable Page[] pages = new Page[1];
  private long firstPage;
  private long first = 1;
  private long last;
  private long held;

  EpochIndex(LiveBytes live) {
    this.live = live;
  }

  /** A length of 0 says that there is no entry; the others count the record's header. */
  private static final class Page {
    final long[] positions = new long[PAGE];
    final int[] lengths = new int[PAGE];
    int held;
    @Nullable Facts facts;
  }

  /** Most pages hold batches of one leader, of which nothing is damaged: they need no arrays. */
  private static final class Facts {
    private final int kind;
    private final Stamp stamp;
    private @Nullable Different different;

    /** Those of all entries of a page. */
    Facts(int kind, Stamp stamp) {
      this.kind = kind;
      this.stamp = stamp;
    }

    void set(int at, int newKind, Stamp newStamp, boolean isFaulty) {
      if (different != null || isFaulty || newKind != kind || !isSame(newStamp)) {
        Different each = each();
        each.kinds[at] = (byte) newKind;
        each.faulty[at] = isFaulty;
        each.stamps[at] = newStamp;
      }
    }

    private boolean isSame(Stamp other) { // As equals, of which a replay asks a million times.
      return other.high() == stamp.high() && other.low() == stamp.low();
    }

    Different each() {
      Different each = different;
      if (each == null) {
        each = new Different();
        Arrays.fill(each.kinds, (byte) kind);
        Arrays.fill(each.stamps, stamp);
        different = each;
      }
      return each;
    }

    int kind(int at) {
      return different == null ? kind : different.kinds[at];
    }

    Stamp stamp(int at) {
      return different == null ? stamp : different.stamps[at];
    }

    boolean faulty(int at) {
      return different != null && different.faulty[at];
    }
  }

  private static final class Different {
    final byte[] kinds = new byte[PAGE];
    final boolean[] faulty = new boolean[PAGE];
    final Stamp[] stamps = new Stamp[PAGE];
  }

  /** Puts an entry there, in place of any other. */
  void put(long index, long position, int recordLength) {
    put(pageFor(index), index, position, recordLength);
  }

  private void put(Page page, long index, long position, int recordLength) {
    int at = (int) (index % PAGE);
    if (page.lengths[at] == 0) {
      first = held == 0 ? index : Math.min(first, index);
      held++;
      page.held++;
    } else {
      live.remove(page.positions[at], page.lengths[at]);
    }
    live.add(position, recordLength);
    last = held == 1 ? index : Math.max(last, index);
    page.positions[at] = position;
    page.lengths[at] = recordLength;
  }

  /** Puts an entry there that a replay has found. */
  void recover(long index, long position, int recordLength, int kind, Stamp stamp, boolean faulty) {
    Page page = pageFor(index);
    put(page, index, position, recordLength);
    @Nullable Facts facts = page.facts;
    if (facts == null) {
      facts = new Facts(kind, stamp);
      page.facts = facts;
    }
    facts.set((int) (index % PAGE), kind, stamp, faulty);
  }

  /**
   * A copy of an entry's record stands in its place.
   *
   * @param lost whether the copy says only that there was an entry
   */
  void move(long index, long position, int recordLength, boolean lost) {
    put(index, position, recordLength);
    @Nullable Facts facts = pageFor(index).facts;
    if (lost && facts != null) {
      facts.each().faulty[(int) (index % PAGE)] = true;
    }
  }

  /** Removes all from {@code from} on. */
  void truncate(long from) {
    remove(from, last);
    last = Math.min(last, from - 1);
    if (held == 0) {
      first = last + 1;
    }
    while (held > 0 && length(last) == 0) {
      last--;
    }
  }

  /** Removes all up to and with {@code upTo}, and forgets that there was room for them. */
  void release(long upTo) {
    remove(first, upTo);
    if (held == 0) {
      pages = new Page[1];
      first = last + 1;
      return;
    }
    first = heldFrom(upTo + 1);
    int gone = (int) (first / PAGE - firstPage);
    pages = Arrays.copyOfRange(pages, gone, pages.length);
    firstPage += gone;
  }

  private void remove(long from, long to) {
    for (long index = heldFrom(from); index <= Math.min(to, last); index = heldFrom(index + 1)) {
      @Nullable Page page = page(index);
      if (page != null) {
        int at = (int) (index % PAGE);
        live.remove(page.positions[at], page.lengths[at]);
        page.lengths[at] = 0;
        held--;
        page.held--;
      }
    }
  }

  /** Whether there is no entry. */
  boolean isEmpty() {
    return held == 0;
  }

  /** How many entries there are. */
  long held() {
    return held;
  }

  /** The bytes of their records. */
  long bytes() {
    long bytes = 0;
    for (long index = first; index <= last; index = heldFrom(index + 1)) {
      bytes += length(index);
    }
    return bytes;
  }

  /** The lowest index; {@code last + 1} if there is none. */
  long first() {
    return first;
  }

  /** The highest index; that before the last truncation if there is none. */
  long last() {
    return last;
  }

  /** The lowest index from there on that has an entry; {@code last + 1} if there is none. */
  long heldFrom(long from) {
    long index = Math.max(from, first);
    while (index <= last && length(index) == 0) {
      boolean empty = page(index) == null;
      index = empty ? (index / PAGE + 1) * PAGE : index + 1;
    }
    return Math.min(index, last + 1);
  }

  /** Tells of the entries of a page, from an index on; returns where to go on, 0 at the end. */
  long eachOfPage(long from, GroupImage.Places places) {
    long index = heldFrom(from);
    @Nullable Page page = page(index);
    if (index > last || page == null) {
      return 0;
    }
    for (int at = (int) (index % PAGE); at < PAGE; at++) {
      if (page.lengths[at] > 0) {
        places.add(page.positions[at], page.lengths[at]);
      }
    }
    return (index / PAGE + 1) * PAGE;
  }

  /** Where the entry's record stands, if {@link #length} is not 0. */
  long position(long index) {
    @Nullable Page page = page(index);
    return page == null ? 0 : page.positions[(int) (index % PAGE)];
  }

  /** The length of the entry's record; 0 if there is no entry. */
  int length(long index) {
    @Nullable Page page = page(index);
    return page == null ? 0 : page.lengths[(int) (index % PAGE)];
  }

  /** The kind of a replayed entry. */
  int kind(long index) {
    return facts(index).kind((int) (index % PAGE));
  }

  /** Whether a replayed entry cannot be read. */
  boolean faulty(long index) {
    return facts(index).faulty((int) (index % PAGE));
  }

  /** The stamp of a replayed entry. */
  Stamp stamp(long index) {
    return facts(index).stamp((int) (index % PAGE));
  }

  /**
   * An index behind that of a replayed entry: at all from that one up to it there are entries of
   * the same kind and stamp, and if it is more than the next, none of them is faulty.
   */
  long sameBefore(long index) {
    @Nullable Page page = page(index);
    boolean isSame = page != null && page.held == PAGE && facts(index).different == null;
    return isSame ? index - index % PAGE + PAGE : index + 1;
  }

  private Facts facts(long index) {
    @Nullable Page page = page(index);
    @Nullable Facts facts = page == null ? null : page.facts;
    if (facts == null) {
      throw new IllegalStateException("only a replayed entry's kind and stamp are kept");
    }
    return facts;
  }

  /** Ends the replay: kinds and stamps take room and are not asked for again. */
  void forgetFacts() {
    for (@Nullable Page page : pages) {
      if (page != null) {
        page.facts = null;
      }
    }
  }

  private @Nullable Page page(long index) {
    long at = index / PAGE - firstPage;
    return at < 0 || at >= pages.length ? null : pages[(int) at];
  }

  private Page pageFor(long index) {
    long number = index / PAGE;
    if (held == 0) {
      pages = new Page[1];
      firstPage = number;
    }
    if (number < firstPage) {
      int more = span(firstPage - number);
      @Nullable Page[] grown = new Page[more + pages.length];
      System.arraycopy(pages, 0, grown, more, pages.length);
      pages = grown;
      firstPage = number;
    }
    int at = span(number - firstPage);
    if (at >= pages.length) {
      pages = Arrays.copyOf(pages, Math.max(at + 1, pages.length * 2));
    }
    @Nullable Page page = pages[at];
    if (page == null) {
      page = new Page();
      pages[at] = page;
    }
    return page;
  }

  private static int span(long pageCount) {
    Check.that(
        pageCount < 1 << 24,
        "the entries of an epoch lie within 2^34 indexes, holes included",
        pageCount,
        1 << 24);
    return (int) pageCount;
  }
}

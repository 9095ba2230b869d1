package io.quorate.runtime;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * As many places as a power of two, numbered without end; empty at first, and made of pieces that
 * take room once something is put there. One thread sets, any gets, removes and replaces.
 */
final class Ring<T> {
  private static final int PIECE = 1 << 10;

  private final AtomicReferenceArray<@Nullable AtomicReferenceArray<@Nullable T>> pieces;
  private final int mask;

  Ring(int places) {
    pieces = new AtomicReferenceArray<>(places / PIECE);
    mask = places - 1;
  }

  @Nullable T get(long number) {
    AtomicReferenceArray<@Nullable T> piece = pieces.get(piece(number));
    return piece == null ? null : piece.get(place(number));
  }

  void set(long number, T value) {
    AtomicReferenceArray<@Nullable T> piece = pieces.get(piece(number));
    if (piece == null) {
      piece = new AtomicReferenceArray<>(PIECE);
      pieces.set(piece(number), piece);
    }
    piece.set(place(number), value);
  }

  /** Empties a place if that is what it has; says whether it was. */
  boolean remove(long number, T value) {
    AtomicReferenceArray<@Nullable T> piece = pieces.get(piece(number));
    return piece != null && piece.compareAndSet(place(number), value, null);
  }

  /** Puts something else into a place if the old value is what it has; says whether it was. */
  boolean replace(long number, T old, T value) {
    AtomicReferenceArray<@Nullable T> piece = pieces.get(piece(number));
    return piece != null && piece.compareAndSet(place(number), old, value);
  }

  private int piece(long number) {
    return (int) (number & mask) / PIECE;
  }

  private static int place(long number) {
    return (int) (number & (PIECE - 1));
  }
}

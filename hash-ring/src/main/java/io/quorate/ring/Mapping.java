package io.quorate.ring;

import java.util.List;

/**
 * Says which node owns a key.
 *
 * <p><b>Threads.</b> Immutable, and so for any thread without a lock; a change makes another one,
 * to be published through a volatile field.
 *
 * @param <N> what stands for a node
 */
public interface Mapping<N> {
  /**
   * The owner of a key.
   *
   * @throws IllegalStateException if there is no node
   */
  N owner(long key);

  /**
   * The owner of a key.
   *
   * @throws IllegalStateException if there is no node
   */
  N owner(byte[] key);

  /**
   * The owner of a key, which is that of its bytes in UTF-8.
   *
   * @throws IllegalStateException if there is no node
   */
  N owner(String key);

  /** All nodes, in an order that depends on nothing but them. */
  List<N> nodes();
}

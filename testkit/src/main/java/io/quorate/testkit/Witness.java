package io.quorate.testkit;

import io.quorate.spi.Member;
import java.util.function.Predicate;

/**
 * Tells what a message claims to be on its sender's disk, so that the simulator can look: nothing
 * is testified before it is durable.
 *
 * @param <M> the engine's messages
 */
@FunctionalInterface
public interface Witness<M> {
  /** A message leaves {@code self} for {@code to}: names what it claims, in {@code claims}. */
  void testifies(Member self, int to, M message, Claims claims);

  /** For those who take an engine to be correct: nothing of what it says is looked into. */
  static <M> Witness<M> blind() {
    return (self, to, message, claims) -> {};
  }

  /** What the synced image of the sender's disk must hold at that moment. */
  interface Claims {
    /** All entries up to the index, as the sender's log has them. */
    void entriesTo(long index);

    /** A saved record for which that is true. Asked with an empty array if none was saved. */
    void saved(String what, Predicate<byte[]> isTrue);
  }
}

package io.quorate.testkit;

import io.quorate.spi.Member;
import io.quorate.spi.Stamp;
import java.util.function.Predicate;

/**
 * What the simulator has to know of a protocol: which rules hold for it, and what a message claims
 * to be on its sender's disk, so that it can look: nothing is testified before it is durable.
 *
 * @param <M> the engine's messages
 */
public interface Witness<M> {
  /** The rules that hold beside the common ones. */
  Rules rules();

  /** A message leaves {@code self} for {@code to}: names what it claims, in {@code claims}. */
  void testifies(Member self, int to, M message, Claims claims);

  /** For those who take an engine to be correct: nothing of what it says is looked into. */
  static <M> Witness<M> blind() {
    return new Witness<>() {
      @Override
      public Rules rules() {
        return Rules.COMMON;
      }

      @Override
      public void testifies(Member self, int to, M message, Claims claims) {}
    };
  }

  /** What the synced image of the sender's disk must hold at that moment. */
  interface Claims {
    /** All entries up to the index, as the sender's log has them. For logs without holes. */
    void entriesTo(long index);

    /**
     * The entry at that index, accepted under that stamp. It counts for ever towards the majority
     * that chooses, also once the place is written again.
     */
    void entry(long index, Stamp stamp);

    /**
     * The entry at that index, written under that stamp, whether it was accepted so or learnt from
     * another: it counts towards no majority. For a report of what is held.
     */
    void holds(long index, Stamp stamp);

    /** A saved record for which that is true. Asked with an empty array if none was saved. */
    void saved(String what, Predicate<byte[]> isTrue);

    /** Never again, in any of its lives, is the sender in an earlier term or ballot than this. */
    void promise(Stamp stamp);

    /** The sender's one vote under that stamp is for the candidate. */
    void vote(Stamp stamp, int candidate);
  }
}

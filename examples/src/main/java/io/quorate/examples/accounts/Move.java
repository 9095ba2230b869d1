package io.quorate.examples.accounts;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.Codec;
import java.nio.ByteBuffer;

/**
 * Moves money from one account to another.
 *
 * @param from an account, which may not fall below nothing; the bank has as much as it takes
 * @param to an account
 * @param cents above 0
 */
public record Move(String from, String to, long cents) {
  /** Whose money is never at an end. */
  public static final String BANK = "bank";

  static final Codec<Move> CODEC = Codec.of(Move::encode, Move::decode);

  /** Checks the amount. */
  public Move {
    if (cents <= 0) {
      throw new IllegalArgumentException("it moves " + cents + " cents, which is not above 0");
    }
  }

  private byte[] encode() {
    byte[] names = (from + "\n" + to).getBytes(UTF_8);
    return ByteBuffer.allocate(Long.BYTES + names.length).putLong(cents).put(names).array();
  }

  private static Move decode(ByteBuffer bytes) {
    if (bytes.remaining() < Long.BYTES) {
      throw new IllegalArgumentException("it is cut off");
    }
    long cents = bytes.getLong();
    String[] names = Codec.utf8().decode(bytes).split("\n", -1);
    if (names.length != 2) {
      throw new IllegalArgumentException("it names " + names.length + " accounts, not 2");
    }
    return new Move(names[0], names[1], cents);
  }
}

package io.quorate.examples.lock;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.Codec;
import java.nio.ByteBuffer;

/** What can be done with a lock. In bytes: a word for each field, a line each. */
public sealed interface LockCommand {
  /** The bytes, and back. */
  Codec<LockCommand> CODEC = Codec.of(LockCommand::encode, LockCommand::decode);

  /** Which lock. */
  String lock();

  /**
   * Takes a lock if it is free.
   *
   * @param holder whom others are told of
   * @param leaseMillis of cluster time, after which it is free again unless it was renewed
   */
  record Acquire(String lock, String holder, long leaseMillis) implements LockCommand {
    /** Checks what a line cannot hold. */
    public Acquire {
      checkWord(lock);
      checkWord(holder);
      checkLease(leaseMillis);
    }
  }

  /** Begins the lease anew, if the token is still the lock's. */
  record Renew(String lock, long token, long leaseMillis) implements LockCommand {
    /** Checks what a line cannot hold. */
    public Renew {
      checkWord(lock);
      checkLease(leaseMillis);
    }
  }

  /** Gives the lock back, if the token is still the lock's. */
  record Release(String lock, long token) implements LockCommand {
    /** Checks what a line cannot hold. */
    public Release {
      checkWord(lock);
    }
  }

  private static void checkWord(String word) {
    int length = word.codePointCount(0, word.length());
    if (length < 1 || length > 200 || word.indexOf('\n') >= 0) {
      throw new IllegalArgumentException(
          "\"" + word + "\" is no name; a name has 1 to 200 characters and no line break");
    }
  }

  private static void checkLease(long millis) {
    if (millis < 1 || millis > 86_400_000) {
      throw new IllegalArgumentException(
          "a lease of " + millis + " ms; it has 1 to 86400000, a day");
    }
  }

  private byte[] encode() {
    String lines;
    if (this instanceof Acquire acquire) {
      lines = String.join("\n", "acquire", lock(), acquire.holder, "" + acquire.leaseMillis);
    } else if (this instanceof Renew renew) {
      lines = String.join("\n", "renew", lock(), "" + renew.token, "" + renew.leaseMillis);
    } else if (this instanceof Release release) {
      lines = String.join("\n", "release", lock(), "" + release.token);
    } else {
      throw new AssertionError(this);
    }
    return lines.getBytes(UTF_8);
  }

  private static LockCommand decode(ByteBuffer bytes) {
    String[] words = Codec.utf8().decode(bytes).split("\n", -1);
    String shape = words[0] + " " + words.length;
    return switch (shape) {
      case "acquire 4" -> new Acquire(words[1], words[2], Long.parseLong(words[3]));
      case "renew 4" -> new Renew(words[1], Long.parseLong(words[2]), Long.parseLong(words[3]));
      case "release 3" -> new Release(words[1], Long.parseLong(words[2]));
      default -> throw new IllegalArgumentException("\"" + words[0] + "\" is no lock command");
    };
  }
}

package io.quorate.examples.lock;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.Codec;

/**
 * Who has a lock.
 *
 * @param token the number of the command that took it: greater than those of all who had it before;
 *     0 if it is free
 * @param holder empty if it is free
 * @param millisLeft of its lease, in cluster time
 */
public record Grant(long token, String holder, long millisLeft) {
  /** Nobody has it. */
  public static final Grant FREE = new Grant(0, "", 0);

  static final Codec<Grant> CODEC =
      Codec.of(
          grant ->
              String.join("\n", "" + grant.token, grant.holder, "" + grant.millisLeft)
                  .getBytes(UTF_8),
          bytes -> {
            String[] words = Codec.utf8().decode(bytes).split("\n", -1);
            return new Grant(Long.parseLong(words[0]), words[1], Long.parseLong(words[2]));
          });
}

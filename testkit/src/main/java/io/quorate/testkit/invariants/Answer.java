package io.quorate.testkit.invariants;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.CommandRejectedException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What a state machine made of a command: a reply, or its own no. */
public final class Answer {
  private static final byte[] NOTHING = {};

  private final byte[] bytes;
  private final boolean rejected;

  private Answer(byte[] bytes, boolean rejected) {
    this.bytes = bytes;
    this.rejected = rejected;
  }

  /** Copies the reply: a machine may go on writing to it. */
  public static Answer of(byte @Nullable [] reply) {
    return new Answer(reply == null ? NOTHING : reply.clone(), false);
  }

  public static Answer of(CommandRejectedException no) {
    return new Answer(String.valueOf(no.getMessage()).getBytes(UTF_8), true);
  }

  boolean isReply(byte[] reply) {
    return !rejected && Arrays.equals(bytes, reply);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Answer that
        && rejected == that.rejected
        && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return (rejected ? "rejected it: \"" : "replied \"") + new String(bytes, UTF_8) + "\"";
  }
}

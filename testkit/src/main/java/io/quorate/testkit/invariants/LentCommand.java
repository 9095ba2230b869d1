package io.quorate.testkit.invariants;

import io.quorate.Command;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A command as the contract has it: valid during {@code apply} only. Afterwards its buffer holds
 * noise, another at each replica, and its methods throw.
 */
final class LentCommand implements Command {
  private final Command command;
  private final long index;
  private byte @Nullable [] lent;
  private boolean over;

  LentCommand(Command command) {
    this.command = command;
    index = command.index();
  }

  /** The call is over. */
  void takeBack(SplittableRandom noise) {
    over = true;
    if (lent != null) {
      noise.nextBytes(lent);
    }
  }

  private Command command() {
    if (over) {
      throw new IllegalStateException(
          "a Command is valid during apply only, and this one (index "
              + index
              + ") was kept: copy what is needed of it");
    }
    return command;
  }

  @Override
  public long index() {
    return command().index();
  }

  @Override
  public long time() {
    return command().time();
  }

  @Override
  public String session() {
    return command().session();
  }

  @Override
  public int length() {
    return command().length();
  }

  @Override
  public byte[] bytes() {
    return command().bytes();
  }

  @Override
  public ByteBuffer buffer() {
    if (lent == null) {
      lent = command().bytes();
    }
    return ByteBuffer.wrap(lent).asReadOnlyBuffer();
  }
}

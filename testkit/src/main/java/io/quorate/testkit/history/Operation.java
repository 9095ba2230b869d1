package io.quorate.testkit.history;

import io.quorate.testkit.history.History.Moment;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One operation of a {@link History}, as it stood when the history was asked for it. Immutable.
 *
 * @param <I> what was asked
 * @param <O> what was answered
 */
public final class Operation<I, O> {
  /** When an operation returns that nobody has seen return. */
  static final long NEVER = Long.MAX_VALUE;

  private final String client;
  private final I input;
  private final Optional<O> output;
  private final Moment invoked;
  private final @Nullable Moment returned;

  Operation(String client, I input, Optional<O> output, Moment invoked, @Nullable Moment returned) {
    this.client = client;
    this.input = input;
    this.output = output;
    this.invoked = invoked;
    this.returned = returned;
  }

  /** Who asked. */
  public String client() {
    return client;
  }

  /** What was asked. */
  public I input() {
    return input;
  }

  /** What was answered; empty if nobody knows whether the operation took effect. */
  public Optional<O> output() {
    return output;
  }

  /** The number of its invocation in the sequence of the history. */
  long invoked() {
    return invoked.number();
  }

  /** The number of its return, or {@link #NEVER}. */
  long returned() {
    return returned == null ? NEVER : returned.number();
  }

  /** As in {@code #3..#7 anna: put x "1" -> done}: begin and end in the sequence, client, story. */
  @Override
  public String toString() {
    return invoked
        + ".."
        + (returned == null ? "" : returned)
        + " "
        + client
        + ": "
        + input
        + " -> "
        + output.map(Object::toString).orElse("unknown");
  }
}

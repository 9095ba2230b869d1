package io.quorate;

import java.nio.ByteBuffer;

/**
 * A {@link StateMachine} in values instead of bytes. Bytes that are no command are refused, with
 * the sentence of the codec.
 *
 * <pre>{@code
 * final class Counter extends TypedStateMachine<Long, Long, String, Long> {
 *   private long total;
 *
 *   Counter() { super(CODEC); }
 *
 *   @Override protected Long execute(Command at, Long amount) { return total += amount; }
 *   ...
 * }
 * }</pre>
 *
 * <p><b>Threads, durability, bounds, errors.</b> Those of {@link StateMachine}.
 *
 * @param <C> commands
 * @param <R> replies
 * @param <Q> questions
 * @param <A> answers
 */
public abstract class TypedStateMachine<C, R, Q, A> implements StateMachine {
  private final ServiceCodec<C, R, Q, A> codec;

  /** With the language that its callers speak. */
  protected TypedStateMachine(ServiceCodec<C, R, Q, A> codec) {
    this.codec = codec;
  }

  /**
   * As {@link StateMachine#apply}.
   *
   * @param at the command's number, time and session; valid during this call only
   * @throws CommandRejectedException before any change, to refuse the command
   */
  protected abstract R execute(Command at, C command);

  /**
   * As {@link StateMachine#query}.
   *
   * @throws UnsupportedOperationException by default: this machine answers no queries
   */
  protected A answer(Q question) {
    throw new UnsupportedOperationException(
        getClass().getName() + " answers no queries: override TypedStateMachine.answer");
  }

  @Override
  public final byte[] apply(Command command) {
    C value;
    try {
      value = codec.commands().decode(command.buffer());
    } catch (IllegalArgumentException e) {
      throw new CommandRejectedException("not a command: " + e.getMessage());
    }
    return codec.replies().encode(execute(command, value));
  }

  @Override
  public final byte[] query(byte[] question) {
    return codec.answers().encode(answer(codec.questions().decode(ByteBuffer.wrap(question))));
  }
}

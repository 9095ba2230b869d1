package io.quorate.testkit.history;

import java.util.List;

/**
 * What a system promises, as if it did one thing at a time: an initial state, what an operation
 * answers in a state, and the state it leaves behind. Deterministic, as every replicated state
 * machine is. What no answer should depend on is left out of inputs and outputs.
 *
 * <pre>{@code
 * // A counter: adds what is asked, and answers the sum.
 * final class Counter implements Model<Long, Long, Long> {
 *   public Long initial() { return 0L; }
 *   public Long answer(Long total, Long input) { return total + input; }
 *   public Long after(Long total, Long input) { return total + input; }
 * }
 * }</pre>
 *
 * @param <S> immutable, with {@code equals} and {@code hashCode}: equal states have the same future
 * @param <I> what is asked; equal inputs do the same
 * @param <O> what is answered; compared with {@code equals}
 */
public interface Model<S, I, O> {
  /** The state before the first operation. */
  S initial();

  /** What the operation answers if it takes effect in this state. */
  O answer(S state, I input);

  /** The state once the operation has taken effect in this one; itself if nothing changes. */
  S after(S state, I input);

  /**
   * The part of the system that the operation is about. Operations with different keys know nothing
   * of each other; each key starts in the initial state and is checked by itself, which is what
   * makes long histories cheap. One part for all, unless overridden.
   */
  default String key(I input) {
    return "";
  }

  /**
   * The initial state, for those who look ahead. Given all operations of one key, a model may make
   * states equal that none of them can tell apart; that keeps the search short where many outcomes
   * are unknown. {@link #initial()}, unless overridden.
   */
  default S initial(List<Operation<I, O>> operations) {
    return initial();
  }
}

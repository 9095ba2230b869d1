package io.quorate;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * The language of a service: what its commands, replies, questions and answers are in bytes. Both
 * sides use the same one: its {@link TypedStateMachine} and whoever calls it, as a {@link Service}.
 *
 * @param commands what changes the state
 * @param replies what a command leads to
 * @param questions what asks for the state
 * @param answers what a question leads to
 * @param <C> commands
 * @param <R> replies
 * @param <Q> questions
 * @param <A> answers
 */
public record ServiceCodec<C, R, Q, A>(
    Codec<C> commands, Codec<R> replies, Codec<Q> questions, Codec<A> answers) {

  /** The service as a client reaches it. */
  public Service<C, R, Q, A> over(Client client) {
    return new Service<>(this, client::propose, client::query, client::query);
  }

  /** The service as a replica of this process reaches it. */
  public Service<C, R, Q, A> over(Replica replica) {
    return new Service<>(
        this,
        replica::propose,
        (question, timeout) -> replica.query(question, ReadMode.LINEARIZABLE, timeout),
        replica::query);
  }

  /** A call in bytes. */
  @FunctionalInterface
  interface Call<T> {
    CompletableFuture<T> call(byte[] input, Duration timeout);
  }
}

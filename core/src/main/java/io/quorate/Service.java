package io.quorate;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * A replicated service as its callers see it, in values instead of bytes; see {@link
 * ServiceCodec#over}. Nothing else is different from the {@link Client} or {@link Replica} below.
 *
 * <p><b>Threads.</b> Any. Values are encoded by the caller's thread; futures complete where those
 * of the client or replica do, and replies are decoded there.
 *
 * <p><b>Durability, bounds.</b> Those of the client or replica.
 *
 * <p><b>Errors.</b> Those of the client or replica; what an encoder throws is thrown, and what the
 * decoder of a reply throws fails the future although the command is applied.
 *
 * @param <C> commands
 * @param <R> replies
 * @param <Q> questions
 * @param <A> answers
 */
public final class Service<C, R, Q, A> {
  private final ServiceCodec<C, R, Q, A> codec;
  private final ServiceCodec.Call<Reply> proposing;
  private final ServiceCodec.Call<byte[]> asking;
  private final BiFunction<byte[], ReadMode, CompletableFuture<byte[]>> askingIn;

  Service(
      ServiceCodec<C, R, Q, A> codec,
      ServiceCodec.Call<Reply> proposing,
      ServiceCodec.Call<byte[]> asking,
      BiFunction<byte[], ReadMode, CompletableFuture<byte[]>> askingIn) {
    this.codec = codec;
    this.proposing = proposing;
    this.asking = asking;
    this.askingIn = askingIn;
  }

  /**
   * What a command led to.
   *
   * @param index the command's number, see {@link Command#index()}
   * @param reply what {@link TypedStateMachine#execute} returned
   * @param <R> replies
   */
  public record Applied<R>(long index, R reply) {}

  /** As {@link Client#propose(byte[], Duration)}. */
  public CompletableFuture<Applied<R>> propose(C command, Duration timeout) {
    return applied(proposing.call(codec.commands().encode(command), timeout));
  }

  /** As {@link OutcomeUnknownException#retry}, of a command that was proposed here. */
  public CompletableFuture<Applied<R>> retry(OutcomeUnknownException unknown, Duration timeout) {
    return applied(unknown.retry(timeout));
  }

  private CompletableFuture<Applied<R>> applied(CompletableFuture<Reply> reply) {
    return reply.thenApply(
        done -> new Applied<>(done.index(), codec.replies().decode(ByteBuffer.wrap(done.value()))));
  }

  /** As {@link Client#query(byte[], Duration)}. */
  public CompletableFuture<A> query(Q question, Duration timeout) {
    return query(question, bytes -> asking.call(bytes, timeout));
  }

  /** As {@link Client#query(byte[], ReadMode)} or {@link Replica#query(byte[], ReadMode)}. */
  public CompletableFuture<A> query(Q question, ReadMode mode) {
    return query(question, bytes -> askingIn.apply(bytes, mode));
  }

  /**
   * As the function asks, which gets the question in bytes: for what a client and a replica do not
   * have in common.
   *
   * <pre>{@code
   * accounts.query("ada", question -> client.queryStale(2, question, Duration.ofSeconds(1)));
   * }</pre>
   */
  public CompletableFuture<A> query(Q question, Function<byte[], CompletableFuture<byte[]>> asked) {
    return asked
        .apply(codec.questions().encode(question))
        .thenApply(answer -> codec.answers().decode(ByteBuffer.wrap(answer)));
  }
}

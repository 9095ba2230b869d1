package io.quorate.testkit;

import io.quorate.OutcomeUnknownException;
import io.quorate.QuorateException;
import io.quorate.Reply;
import io.quorate.testkit.invariants.Ledger;
import io.quorate.testkit.world.Life;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Who calls from within one process; what becomes of the calls is judged by the {@link Ledger}. */
final class Caller {
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Sim sim;
  private final Ledger ledger;
  private final Life life;
  private final int id;
  private final List<Outcome> outcomes = new ArrayList<>();
  private long seen;

  /** Calls from within that process, which is a member's, or a client's with a negative id. */
  Caller(Sim sim, Ledger ledger, Life life, int id) {
    this.sim = sim;
    this.ledger = ledger;
    this.life = life;
    this.id = id;
  }

  /** A call where no process runs to make it. */
  static Outcome nobody(Sim sim, int id, boolean read, byte[] input, String what) {
    Outcome outcome = new Outcome(sim, name(id), read, input, what);
    outcome.crash();
    return outcome;
  }

  private static String name(int id) {
    return id > 0 ? "member " + id : "client " + -id;
  }

  /** Proposes; at once, or when the process is not paused any more. */
  Outcome propose(byte[] command, String text, Function<byte[], CompletableFuture<Reply>> call) {
    Outcome outcome = new Outcome(sim, name(id), false, command, "proposes " + text);
    outcomes.add(outcome);
    life.run(
        () -> {
          long floor = ledger.seen();
          ledger.proposed(text);
          judged(
              call.apply(command.clone()),
              (reply, failure) -> {
                if (sim.isRetrying()
                    && failure instanceof OutcomeUnknownException unknown
                    && unknown.isRetryable()) {
                  life.note("retries", 0);
                  judged(
                      unknown.retry(RETRY),
                      (later, still) -> proposed(outcome, text, floor, later, still));
                } else {
                  proposed(outcome, text, floor, reply, failure);
                }
              });
        });
    return outcome;
  }

  private void proposed(
      Outcome outcome,
      String text,
      long floor,
      @Nullable Reply reply,
      @Nullable Throwable failure) {
    outcomes.remove(outcome);
    if (reply != null && outcome.settle(reply)) {
      life.note("reply", reply.index());
      seen = Math.max(seen, ledger.count(reply.index()));
      ledger.acknowledged(text, floor, reply.index(), reply.value());
    } else if (failure != null && outcome.fail(failure) && outcome.isRefused()) {
      life.note("refused", 0);
      ledger.refused(text);
    }
  }

  /** Reads, linearizably; at once, or when the process is not paused any more. */
  Outcome read(byte[] question, String text, Function<byte[], CompletableFuture<byte[]>> call) {
    return read(question, text, call, ledger::seen);
  }

  /** Reads what may be stale, but not older than what this caller has seen (Q9). */
  Outcome readStale(
      byte[] question, String text, Function<byte[], CompletableFuture<byte[]>> call) {
    return read(question, text, call, () -> seen);
  }

  /** Reads what may be so old, and no older, and not older than what this caller has seen. */
  Outcome readNoOlder(
      byte[] question,
      long ageNanosMax,
      String text,
      Function<byte[], CompletableFuture<byte[]>> call) {
    return read(
        question, text, call, () -> Math.max(seen, ledger.seenAt(sim.nanos() - ageNanosMax - 1)));
  }

  private Outcome read(
      byte[] question,
      String text,
      Function<byte[], CompletableFuture<byte[]>> call,
      LongSupplier floors) {
    Outcome outcome = new Outcome(sim, name(id), true, question, "reads " + text);
    outcomes.add(outcome);
    life.run(
        () -> {
          long floor = floors.getAsLong();
          judged(
              call.apply(question.clone()),
              (answer, failure) -> read(outcome, floor, answer, failure));
        });
    return outcome;
  }

  private void read(
      Outcome outcome, long floor, byte @Nullable [] answer, @Nullable Throwable failure) {
    outcomes.remove(outcome);
    if (answer != null) {
      ByteBuffer bytes = ByteBuffer.wrap(answer);
      long index = bytes.getLong();
      byte[] value = new byte[bytes.remaining()];
      bytes.get(value);
      if (outcome.settle(new Reply(index, value))) {
        life.note("read", index);
        seen = Math.max(seen, ledger.count(index));
        ledger.read(id, floor, index);
      }
    } else if (failure != null) {
      outcome.fail(failure);
    }
  }

  /** The process is gone, and nobody waits for anything any more. */
  void crash() {
    outcomes.forEach(Outcome::crash);
  }

  /** Has the end of a call judged; what is none of the API's, and what cannot be read, is told. */
  private <T> void judged(
      CompletableFuture<T> call, BiConsumer<@Nullable T, @Nullable Throwable> watcher) {
    watch(
        call,
        (answer, failure) -> {
          Throwable cause =
              failure instanceof CompletionException && failure.getCause() != null
                  ? failure.getCause()
                  : failure;
          if (cause != null && !isOfTheApi(cause) && !life.isOver()) {
            ledger.strange(id, cause);
          }
          try {
            watcher.accept(answer, cause);
          } catch (RuntimeException | Error e) {
            ledger.strange(id, e);
          }
        });
  }

  private static boolean isOfTheApi(Throwable failure) {
    return failure instanceof QuorateException || failure instanceof IllegalArgumentException;
  }

  @SuppressWarnings("FutureReturnValueIgnored") // The watchers throw nothing; they note a verdict.
  static <T> void watch(
      CompletableFuture<T> call, BiConsumer<@Nullable T, @Nullable Throwable> watcher) {
    call.whenComplete(watcher);
  }
}

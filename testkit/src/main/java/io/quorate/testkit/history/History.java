package io.quorate.testkit.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What clients asked of a system and what they were told, in order. Each invocation and each return
 * takes the next number of one sequence; those numbers alone say what came before what.
 *
 * <pre>{@code
 * History<Request, Answer> history = History.create();
 * history.invoke("anna", put("x", "1")).ok(done());
 * Call<Request, Answer> late = history.invoke("bert", get("x"));   // asked ...
 * late.ok(value("1"));                                             // ... and answered
 * history.invoke("carl", append("x", "2")).unknown();              // maybe applied, maybe later
 * history.invoke("dora", put("x", "3")).refused();                 // certainly not applied
 * }</pre>
 *
 * <p>Any thread may call any method. Record an invocation before the request leaves and a return
 * after the answer has come: recorded late, an invocation makes a correct system look wrong.
 *
 * @param <I> what is asked; with {@code equals}, and a {@code toString} that reads well
 * @param <O> what is answered; likewise
 */
public final class History<I, O> {
  private final @Nullable LongSupplier clock;
  private final List<Call<I, O>> calls = new ArrayList<>();
  private long sequence;

  private History(@Nullable LongSupplier clock) {
    this.clock = clock;
  }

  /** An empty history. */
  public static <I, O> History<I, O> create() {
    return new History<>(null);
  }

  /**
   * An empty history that notes what a clock shows at each event, in whatever unit. The reading
   * helps whoever reads an explanation, and decides nothing.
   */
  public static <I, O> History<I, O> timedBy(LongSupplier clock) {
    return new History<>(Objects.requireNonNull(clock));
  }

  /**
   * Notes that a client asks now.
   *
   * @param client only a name in explanations; calls of one client may overlap
   */
  public synchronized Call<I, O> invoke(String client, I input) {
    Call<I, O> call =
        new Call<>(this, Objects.requireNonNull(client), Objects.requireNonNull(input), now());
    calls.add(call);
    return call;
  }

  /** All that may have happened, in the order of invocation; refused calls are left out. */
  public synchronized List<Operation<I, O>> operations() {
    return calls.stream().filter(call -> !call.refused).map(Call::operation).toList();
  }

  /** The operations, one a line. */
  @Override
  public String toString() {
    return operations().stream().map(Operation::toString).collect(Collectors.joining("\n"));
  }

  private Moment now() {
    sequence++;
    return new Moment(
        sequence, clock == null ? OptionalLong.empty() : OptionalLong.of(clock.getAsLong()));
  }

  /** A place in the sequence, and what the clock showed. */
  record Moment(long number, OptionalLong clock) {
    @Override
    public String toString() {
      return "#" + number + (clock.isPresent() ? "@" + clock.getAsLong() : "");
    }
  }

  /**
   * A call under way. It ends at most once, in one of three ways; until then, and if it never does,
   * it may or may not have taken effect. Ending it again throws {@link IllegalStateException}.
   */
  public static final class Call<I, O> {
    private final History<I, O> history;
    private final String client;
    private final I input;
    private final Moment invoked;
    private @Nullable Moment returned;
    private @Nullable O output;
    private boolean refused;
    private boolean ended;

    private Call(History<I, O> history, String client, I input, Moment invoked) {
      this.history = history;
      this.client = client;
      this.input = input;
      this.invoked = invoked;
    }

    /** It has taken effect, once, and this is the answer. */
    public void ok(O answer) {
      synchronized (history) {
        end();
        output = Objects.requireNonNull(answer);
        returned = history.now();
      }
    }

    /** Nobody can say: it took effect, or will at any later time, or never. */
    public void unknown() {
      synchronized (history) {
        end();
      }
    }

    /** It has had no effect and never will. */
    public void refused() {
      synchronized (history) {
        end();
        refused = true;
      }
    }

    private void end() {
      if (ended) {
        throw new IllegalStateException("this call has ended before: " + operation());
      }
      ended = true;
    }

    private Operation<I, O> operation() {
      return new Operation<>(client, input, Optional.ofNullable(output), invoked, returned);
    }
  }
}

package io.quorate.testkit.history;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The model of a key-value store: under each key a register that is read, written, compared and
 * set, or appended to. A key is absent until it is first written; appending to an absent key writes
 * it, comparing with an absent key fails.
 *
 * <p>Write values that occur only once, such as a client's name and a number, and append more than
 * you put: a read then shows everything that happened to the key, in order, and little escapes.
 *
 * <pre>{@code
 * History<Request, Answer> history = History.create();
 * history.invoke("anna", append("x", "1")).ok(done());
 * history.invoke("bert", append("x", "2")).unknown();
 * history.invoke("anna", get("x")).ok(value("12"));
 * Linearizability.check(Registers.model(), history).orThrow();
 * }</pre>
 */
public final class Registers {
  private Registers() {}

  /** The model. Keys are checked one by one. */
  public static Model<?, Request, Answer> model() {
    return new Store();
  }

  /** Reads; answered by {@link #value} or {@link #absent}. */
  public static Request get(String key) {
    return new Request(Action.GET, key, "", "");
  }

  /** Writes; answered by {@link #done}. */
  public static Request put(String key, String value) {
    return new Request(Action.PUT, key, "", value);
  }

  /** Writes a value at the end of what is there; answered by {@link #done}. */
  public static Request append(String key, String value) {
    return new Request(Action.APPEND, key, "", value);
  }

  /** Writes if the register holds what is expected; answered by {@link #swapped}. */
  public static Request compareAndSet(String key, String expected, String value) {
    return new Request(Action.COMPARE_AND_SET, key, expected, value);
  }

  /** Written. */
  public static Answer done() {
    return Answer.DONE;
  }

  /** The register holds this. */
  public static Answer value(String value) {
    return new Answer("\"" + value + "\"", value);
  }

  /** The key has never been written. */
  public static Answer absent() {
    return Answer.ABSENT;
  }

  /** Whether a comparison held, and its value was written. */
  public static Answer swapped(boolean yes) {
    return yes ? Answer.SWAPPED : Answer.NOT_SWAPPED;
  }

  private enum Action {
    GET,
    PUT,
    APPEND,
    COMPARE_AND_SET
  }

  /** What can be asked of a register: see the factories of {@link Registers}. */
  public static final class Request {
    private final Action action;
    private final String key;
    private final String expected;
    private final String value;

    private Request(Action action, String key, String expected, String value) {
      this.action = action;
      this.key = Objects.requireNonNull(key);
      this.expected = Objects.requireNonNull(expected);
      this.value = Objects.requireNonNull(value);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Request that
          && action == that.action
          && key.equals(that.key)
          && expected.equals(that.expected)
          && value.equals(that.value);
    }

    @Override
    public int hashCode() {
      return Objects.hash(action, key, expected, value);
    }

    /** As in {@code put x "1"}. */
    @Override
    public String toString() {
      return switch (action) {
        case GET -> "get " + key;
        case PUT -> "put " + key + " \"" + value + "\"";
        case APPEND -> "append " + key + " \"" + value + "\"";
        case COMPARE_AND_SET -> "cas " + key + " \"" + expected + "\" \"" + value + "\"";
      };
    }
  }

  /** What a register can answer: see the factories of {@link Registers}. */
  public static final class Answer {
    private static final Answer DONE = new Answer("done", null);
    private static final Answer ABSENT = new Answer("absent", null);
    private static final Answer SWAPPED = new Answer("swapped", null);
    private static final Answer NOT_SWAPPED = new Answer("not swapped", null);

    private final String text;
    private final @Nullable String value;

    private Answer(String text, @Nullable String value) {
      this.text = text;
      this.value = value;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Answer that
          && text.equals(that.text)
          && Objects.equals(value, that.value);
    }

    @Override
    public int hashCode() {
      return text.hashCode();
    }

    /** As in {@code "1"}, {@code done} or {@code not swapped}. */
    @Override
    public String toString() {
      return text;
    }
  }

  private static final class Store implements Model<Register, Request, Answer> {
    @Override
    public Register initial() {
      return Register.absent(Sightings.everything());
    }

    @Override
    public Register initial(List<Operation<Request, Answer>> operations) {
      Sightings sightings = Sightings.nothing();
      for (Operation<Request, Answer> operation : operations) {
        if (operation.input().action == Action.COMPARE_AND_SET) {
          sightings.add(operation.input().expected);
        }
        operation
            .output()
            .ifPresent(
                answer -> {
                  if (answer.value != null) {
                    sightings.add(answer.value);
                  }
                });
      }
      return Register.absent(sightings);
    }

    @Override
    public Answer answer(Register register, Request request) {
      return switch (request.action) {
        case GET -> register.isAbsent() ? absent() : value(register.value());
        case PUT, APPEND -> done();
        case COMPARE_AND_SET -> swapped(register.holds(request.expected));
      };
    }

    @Override
    public Register after(Register register, Request request) {
      return switch (request.action) {
        case GET -> register;
        case PUT -> register.with(request.value);
        case APPEND -> register.with(register.value() + request.value);
        case COMPARE_AND_SET ->
            register.holds(request.expected) ? register.with(request.value) : register;
      };
    }

    @Override
    public String key(Request request) {
      return request.key;
    }
  }
}

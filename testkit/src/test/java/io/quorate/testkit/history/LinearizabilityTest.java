package io.quorate.testkit.history;

import static io.quorate.testkit.history.Registers.append;
import static io.quorate.testkit.history.Registers.done;
import static io.quorate.testkit.history.Registers.get;
import static io.quorate.testkit.history.Registers.put;
import static io.quorate.testkit.history.Registers.value;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.testkit.history.History.Call;
import io.quorate.testkit.history.Linearizability.Verdict;
import io.quorate.testkit.history.Registers.Answer;
import io.quorate.testkit.history.Registers.Request;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LinearizabilityTest {
  /** A counter: adds what is asked, and answers the sum. */
  private static final class Counter implements Model<Long, Long, Long> {
    @Override
    public Long initial() {
      return 0L;
    }

    @Override
    public Long answer(Long total, Long input) {
      return total + input;
    }

    @Override
    public Long after(Long total, Long input) {
      return total + input;
    }
  }

  @Test
  @DisplayName("the example of the package throws, as it says")
  void example() {
    History<Request, Answer> history = History.create();
    history.invoke("anna", put("x", "1")).ok(done());
    history.invoke("bert", put("x", "2")).unknown();
    history.invoke("anna", get("x")).ok(value("2"));
    history.invoke("anna", get("x")).ok(value("1"));
    Linearizability result = Linearizability.check(Registers.model(), history);
    AssertionError thrown = assertThrows(AssertionError.class, result::orThrow);
    assertEquals(result.explanation(), thrown.getMessage());
  }

  @Test
  @DisplayName("the example of the registers is linearizable, as it says")
  void registers() {
    History<Request, Answer> history = History.create();
    history.invoke("anna", append("x", "1")).ok(done());
    history.invoke("bert", append("x", "2")).unknown();
    history.invoke("anna", get("x")).ok(value("12"));
    Linearizability.check(Registers.model(), history).orThrow();
  }

  @Test
  @DisplayName("a model of one's own is a few lines, and needs no keys")
  void ownModel() {
    History<Long, Long> history = History.create();
    Call<Long, Long> first = history.invoke("anna", 1L);
    history.invoke("bert", 2L).ok(2L);
    first.ok(3L);
    history.invoke("carl", 4L).unknown();
    history.invoke("bert", 1L).ok(8L);
    assertTrue(Linearizability.check(new Counter(), history).isLinearizable());
    history.invoke("bert", 1L).ok(10L);
    assertFalse(Linearizability.check(new Counter(), history).isLinearizable());
  }

  @Test
  @DisplayName("an explanation names the key, the longest order, what does not fit, and what might")
  void explanation() {
    History<Request, Answer> history =
        Drawing.history(
            """
            anna [put 1] [y put 5] [append 2]
            bert         [append 3 ?]           [get =1] [get =12]
            """);
    Linearizability result = Linearizability.check(Registers.model(), history);
    assertEquals(
        """
        key x not linearizable: at most 2 of 4 answers can be explained
          the longest order found:
            #1..#2 anna: put x "1" -> done   leaves "1"
            #6..#7 anna: append x "2" -> done   leaves "12"
          next, with "12", would have to come one of:
            #8..#9 bert: get x -> "1"   would answer "12"
          or first one of these, which may have happened:
            #4.. bert: append x "3" -> unknown
          later answers that were not reached: 1\
        """,
        result.explanation());
  }

  @Test
  @DisplayName("a search that uses up its steps says that it does not know")
  void undecided() {
    History<Request, Answer> history =
        Drawing.history("anna [put 1] [append 2] [append 3] [get =123]");
    Linearizability result = Linearizability.check(Registers.model(), history, 2);
    assertEquals(Verdict.UNDECIDED, result.verdict());
    assertTrue(
        result.explanation().startsWith("key x undecided after 2 steps; so far 2 of 4 answers"));
    assertThrows(AssertionError.class, result::orThrow);
    assertTrue(Linearizability.check(Registers.model(), history, 4).isLinearizable());
  }

  @Test
  @DisplayName("a key that is undecided does not hide one that is wrong")
  void undecidedAndWrong() {
    History<Request, Answer> history =
        Drawing.history("anna [put 1] [append 2] [append 3] [get =123] [y get =9]");
    Linearizability result = Linearizability.check(Registers.model(), history, 2);
    assertEquals(Verdict.NOT_LINEARIZABLE, result.verdict());
    assertTrue(result.explanation().startsWith("key y"), result.explanation());
  }

  @Test
  @DisplayName("nothing happened, and that is linearizable; so is what nobody knows")
  void empty() {
    History<Request, Answer> history = History.create();
    assertTrue(Linearizability.check(Registers.model(), history, 1).isLinearizable());
    history.invoke("anna", put("x", "1")).unknown();
    history.invoke("anna", put("x", "1"));
    assertTrue(Linearizability.check(Registers.model(), history, 1).isLinearizable());
    assertThrows(
        IllegalArgumentException.class, () -> Linearizability.check(Registers.model(), history, 0));
  }
}

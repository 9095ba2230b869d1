package io.quorate.testkit.history;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quorate.testkit.history.Linearizability.Verdict;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Histories with a name, drawn as {@link Drawing} says; and beside each bad one a good twin. */
class KnownHistoriesTest {
  record Known(String name, String bad, String good) {
    @Override
    public String toString() {
      return name;
    }
  }

  @ParameterizedTest(name = "{0} is rejected")
  @MethodSource("all")
  void bad(Known known) {
    Linearizability result = Linearizability.check(Registers.model(), Drawing.history(known.bad));
    assertEquals(Verdict.NOT_LINEARIZABLE, result.verdict(), known.name);
  }

  @ParameterizedTest(name = "the twin of {0} is accepted")
  @MethodSource("all")
  void good(Known known) {
    Linearizability result = Linearizability.check(Registers.model(), Drawing.history(known.good));
    assertEquals(Verdict.LINEARIZABLE, result.verdict(), result.explanation());
  }

  static List<Known> all() {
    return List.of(
        new Known(
            "a stale read",
            """
            anna [put 1] [put 2]
            bert                  [get =1]
            """,
            """
            anna [put 1] [put 2]
            bert                  [get =2]
            """),
        new Known(
            "a lost update",
            """
            anna [append 1]           [get =2]
            bert    [append 2]
            """,
            """
            anna [append 1]           [get =12]
            bert    [append 2]
            """),
        new Known(
            "a read from the future",
            """
            anna          [put 1]
            bert [get =1]
            """,
            """
            anna       [put 1]
            bert [get =1]
            """),
        new Known(
            "a read of a refused write",
            """
            anna [put 1 !]
            bert           [get =1]
            """,
            """
            anna [put 1 !]
            bert           [get =-]
            """),
        new Known(
            "two comparisons with one value that both succeed",
            """
            anna [put 1] [cas 1 2 yes]
            bert         [cas 1 3 yes]
            """,
            """
            anna [put 1] [cas 1 2 yes]
            bert         [cas 1 3 no]
            """),
        new Known(
            "two readers who see a write appear and vanish",
            """
            anna [put 1] [put 2                     ]
            bert           [get =2]
            carl                   [get =1]
            """,
            """
            anna [put 1] [put 2                     ]
            bert           [get =1]
            carl                   [get =2]
            """),
        new Known(
            "an unknown write seen, then unseen",
            """
            anna [put 1] [put 2 ?]
            bert                   [get =2] [get =1]
            """,
            """
            anna [put 1] [put 2 ?]
            bert                   [get =1] [get =2]
            """),
        new Known(
            "one append applied twice",
            """
            anna [append 1]
            bert             [get =11]
            """,
            """
            anna [append 1] [append 1]
            bert                        [get =11]
            """),
        new Known(
            "a phantom value",
            """
            anna [put 1]
            bert         [get =9]
            """,
            """
            anna [put 1] [put 9 ?]
            bert         [get =9]
            """),
        new Known(
            "appends out of the order of real time",
            """
            anna [append 1]             [get =21]
            bert             [append 2]
            """,
            """
            anna [append 1]             [get =21]
            bert         [append 2]
            """),
        new Known(
            "a write acknowledged and never visible",
            """
            anna [put 1]
            bert         [get =-] [get =-] [get =-]
            """,
            """
            anna [put 1                                ?]
            bert         [get =-] [get =-] [get =-]
            """),
        new Known(
            "a comparison that fails with what is there",
            """
            anna [put 1]
            bert         [cas 1 2 no]
            """,
            """
            anna [put 1]
            bert      [cas 1 2 no]
            """),
        new Known(
            "a comparison that succeeds with what never was",
            """
            anna [put 1]
            bert         [cas 2 3 yes]
            """,
            """
            anna [put 1] [put 2 ?]
            bert         [cas 2 3 yes]
            """),
        new Known(
            "a key that is absent again",
            """
            anna [put 1] [get =1] [get =-]
            """,
            """
            anna [y put 1] [y get =1] [get =-]
            """),
        new Known(
            "one unknown append applied twice",
            """
            anna [append 1 ?] [get =1] [get =11]
            """,
            """
            anna [append 1 ?] [append 1 ?] [get =1] [get =11]
            """),
        new Known(
            "two readers who disagree on the order of appends",
            """
            anna [append 1]   [get =12]
            bert [append 2]   [get =21]
            """,
            """
            anna [append 1]   [get =12]
            bert [append 2]   [get =12]
            """),
        new Known(
            "an unknown write seen before it was asked for",
            """
            anna          [put 1 ?]
            bert [get =1]
            """,
            """
            anna       [put 1 ?]
            bert [get =1]
            """),
        new Known(
            "a refused comparison that had an effect",
            """
            anna [put 1] [cas 1 2 !] [get =2]
            """,
            """
            anna [put 1] [cas 1 2 ?] [get =2]
            """),
        new Known(
            "an unknown write that happens twice",
            """
            anna [put 1 ?] [get =1] [put 2] [get =2] [get =1]
            """,
            """
            anna [put 1 ?] [put 1 ?] [get =1] [put 2] [get =2] [get =1]
            """),
        new Known(
            "a comparison that failed and had an effect",
            """
            anna [put 1] [cas 9 2 no]  [get =2]
            """,
            """
            anna [put 1] [cas 9 2 no]  [get =1]
            """),
        new Known(
            "an append torn in half",
            """
            anna [append 12]
            bert              [get =1]
            """,
            """
            anna [append 1 ] [append 2 ?]
            bert                [get =1]
            """),
        new Known(
            "an append lost between two others",
            """
            anna [append 1] [append 2] [append 3] [get =13]
            """,
            """
            anna [append 1] [append 2] [append 3] [get =123]
            """),
        new Known(
            "one wrong key among right ones",
            """
            anna [put 1] [y put 1] [get =1]
            bert                   [y get =-]
            """,
            """
            anna [put 1] [y put 1] [get =1]
            bert                   [y get =1]
            """),
        new Known(
            "a write that never returns seen, then unseen",
            """
            anna [put 1 ..]
            bert        [get =1] [get =-]
            """,
            """
            anna [put 1 ..]
            bert        [get =-] [get =1]
            """),
        new Known(
            "a comparison with what was overwritten",
            """
            anna [put 1] [put 2 ?]
            bert                   [get =2] [cas 1 3 yes]
            """,
            """
            anna [put 1] [put 2 ?]
            bert                   [get =1] [cas 1 3 yes]
            """),
        new Known(
            "a chain of comparisons with a missing link",
            """
            anna [put 1] [cas 1 2 yes] [cas 3 4 yes]
            """,
            """
            anna [put 1] [cas 1 2 yes] [cas 3 4 yes]
            bert [cas 2 3 ?]
            """));
  }
}

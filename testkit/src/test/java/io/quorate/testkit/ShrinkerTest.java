package io.quorate.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ShrinkerTest {
  private static final Selection ALL = new Selection(1_000, null, null);

  /** Fails with a rule at a step, if the selection has all that it takes. */
  private static @Nullable SimFailure run(Predicate<Selection> takes, Selection selection) {
    boolean fails = selection.steps() > 700 && takes.test(selection);
    return fails ? new SimFailure("Rule: in words", "Rule", 700, null) : null;
  }

  @Test
  void whatIsNotNeededIsLeftOut() {
    Predicate<Selection> takes =
        selection -> selection.hasFaults(17) && selection.hasFaults(640) && selection.hasCalls(333);
    Shrinker shrinker = new Shrinker(selection -> run(takes, selection));
    Selection least = shrinker.shrink(ALL);
    assertEquals(701, least.steps());
    assertEquals(Selection.parse("17,640"), least.faults());
    assertEquals(Selection.parse("333"), least.calls());
    assertTrue(shrinker.tries() < 120, () -> shrinker.tries() + " tries");
  }

  @Test
  void anotherRuleIsAnotherFailure() {
    Shrinker shrinker =
        new Shrinker(
            selection ->
                selection.hasFaults(5)
                    ? new SimFailure("Rule: in words", "Rule", 700, null)
                    : new SimFailure("Other: in words", "Other", 3, null));
    assertEquals(Selection.parse("5"), shrinker.shrink(ALL).faults());
  }

  @Test
  void whatDoesNotFailAgainStaysWhole() {
    assertSame(ALL, new Shrinker(selection -> null).shrink(ALL));
  }

  @Test
  void aSelectionIsReadAsItIsWritten() {
    Selection selection = new Selection(40, Selection.parse("3,7,10-12"), new BitSet());
    assertEquals(
        " -Dquorate.sim.steps=40 -Dquorate.sim.faults=3,7,10-12 -Dquorate.sim.calls=none",
        selection.options(1_000));
    assertEquals("", ALL.options(1_000));
    assertEquals(new BitSet(), Selection.parse("none"));
    assertNull(Selection.parse(null));
  }

  @Test
  void whatIsNoSelectionIsRefusedInWords() {
    IllegalArgumentException no =
        assertThrows(IllegalArgumentException.class, () -> Selection.parse("3,x"));
    assertEquals("steps are given as 3,7,10-12 or none, not as \"3,x\"", no.getMessage());
  }
}

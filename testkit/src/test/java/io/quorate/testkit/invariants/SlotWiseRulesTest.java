package io.quorate.testkit.invariants;

import static io.quorate.testkit.invariants.Scene.entry;
import static io.quorate.testkit.invariants.Scene.term;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/**
 * The rules of logs that are agreed on place by place: facts that break each, and the near miss.
 */
class SlotWiseRulesTest {
  // IP1

  @Test
  void twoValuesUnderOneStampAreFound() {
    Scene scene = new Scene(s -> new OneValuePerStamp(s.verdict, s.group));
    scene.write(1, entry(5, 1, "a")).write(2, entry(5, 1, "b")).breaks("IP1");
  }

  @Test
  void anotherValueUnderAnotherStampAndAHoleAreNone() {
    Scene scene = new Scene(s -> new OneValuePerStamp(s.verdict, s.group));
    scene.write(1, entry(5, 1, "a")).write(2, entry(5, 2, "b")).write(1, entry(5, 2, "b"));
    scene.write(1, entry(3, 2, "c")).write(2, entry(3, 2, "c")).holds();
  }

  // IP2

  @Test
  void anotherValueThatIsChosenIsFound() {
    Scene scene = new Scene(s -> new ChosenOnce(s.verdict, s.group));
    scene.write(1, entry(1, 1, "a")).commit(1, 1);
    scene.write(2, entry(1, 2, "b")).commit(2, 1).breaks("IP2");
  }

  @Test
  void theSameValueUnderAnotherStampIsNone() {
    Scene scene = new Scene(s -> new ChosenOnce(s.verdict, s.group));
    scene.write(1, entry(1, 1, "a")).commit(1, 1);
    scene.write(2, entry(1, 2, "a")).commit(2, 1).holds();
  }

  @Test
  void anotherValueBelowIsFoundAfterARestart() {
    Scene scene = new Scene(s -> new ChosenOnce(s.verdict, s.group));
    scene.write(1, entry(1, 1, "a")).write(1, entry(2, 1, "b")).commit(1, 2);
    scene.restart(1);
    scene.write(1, entry(1, 2, "c")).commit(1, 2).breaks("IP2");
  }

  // IP3

  private static Scene byMajority() {
    return new Scene(s -> new ChosenByMajority(s.verdict, s.group));
  }

  @Test
  void aValueThatNoMajorityHasAcceptedIsFound() {
    Scene scene = byMajority();
    scene.write(1, entry(1, 1, "a")).sync(1).write(2, entry(1, 1, "a"));
    scene.commit(1, 1).breaks("IP3");
  }

  @Test
  void aMajorityUnderDifferentStampsIsNoMajority() {
    Scene scene = byMajority();
    scene.write(1, entry(1, 1, "a")).sync(1).write(2, entry(1, 2, "a")).sync(2);
    scene.commit(1, 1).breaks("IP3");
  }

  @Test
  void anotherValueThanTheMajorityHasAcceptedIsFound() {
    Scene scene = byMajority();
    scene.write(1, entry(1, 1, "a")).sync(1).write(2, entry(1, 1, "a")).sync(2);
    scene.write(3, entry(1, 2, "b")).sync(3).commit(3, 1).breaks("IP3");
  }

  @Test
  void theLeadersOwnCopyAndTheAcceptancesThatWereTestifiedChoose() {
    Scene scene = byMajority();
    scene.write(1, entry(1, 1, "a")).sync(1).write(2, entry(1, 1, "a")).sync(2);
    scene.rule.accepts(scene.replica(2), 1, term(1));
    scene.commit(1, 1).holds();
  }

  @Test
  void aCopyThatNobodyHasTestifiedIsNoAcceptance() {
    Scene scene = byMajority();
    scene.write(1, entry(1, 1, "a")).sync(1).write(2, entry(1, 1, "a")).sync(2);
    scene.commit(1, 1).breaks("IP3");
  }

  @Test
  void anAcceptanceCountsAfterThePlaceWasWrittenAgain() {
    Scene scene = byMajority();
    scene.write(1, entry(1, 1, "a")).sync(1).write(2, entry(1, 1, "a")).sync(2);
    scene.rule.accepts(scene.replica(2), 1, term(1));
    scene.write(2, entry(1, 2, "a")).sync(2).commit(1, 1).holds();
  }

  /** Known to be chosen before the place below it is, so before it is committed. */
  @Test
  void whatWasLearntUnderAnEarlierStampThanTheChosenOneIsNoAcceptance() {
    ChosenByMajority[] chosen = new ChosenByMajority[1];
    Scene scene = new Scene(s -> chosen[0] = new ChosenByMajority(s.verdict, s.group));
    scene.write(1, entry(2, 1, "a")).sync(1); // Only at its leader, which testifies it:
    scene.rule.accepts(scene.replica(1), 2, term(1));
    scene.write(3, entry(2, 2, "b")).sync(3); // another value, only at its leader;
    scene.write(2, entry(2, 3, "a")).sync(2); // the first one again,
    scene.write(1, entry(2, 3, "a")).sync(1);
    scene.rule.accepts(scene.replica(1), 2, term(3)); // chosen now;
    scene.write(3, entry(2, 1, "a")).sync(3); // and learnt as somebody has held it.
    scene.write(2, entry(1, 3, "c")).sync(2);
    scene.rule.accepts(scene.replica(1), 1, term(3));
    scene.commit(2, 2).holds();
    assertEquals(term(3), chosen[0].under(2));
  }

  // IP4

  private static Scene chosen() {
    ChosenByMajority[] chosen = new ChosenByMajority[1];
    Scene scene =
        new Scene(
            s -> {
              chosen[0] = new ChosenByMajority(s.verdict, s.group);
              return new ChosenStays(s.verdict, s.group, chosen[0]);
            });
    scene.write(1, entry(1, 2, "a")).sync(1).write(2, entry(1, 2, "a")).sync(2);
    chosen[0].accepts(scene.replica(2), 1, term(2));
    chosen[0].commits(scene.replica(1), 1);
    return scene.commit(1, 1);
  }

  @Test
  void anotherValueUnderALaterStampIsFound() {
    chosen().write(3, entry(1, 3, "b")).breaks("IP4");
  }

  @Test
  void theSameValueUnderALaterStampIsNone() {
    chosen().write(3, entry(1, 3, "a")).holds();
  }

  @Test
  void anotherValueThatComesLateUnderAnEarlierStampIsNone() {
    chosen().write(3, entry(1, 1, "b")).holds();
  }

  @Test
  void anotherPlaceIsNone() {
    chosen().write(3, entry(2, 3, "b")).holds();
  }

  // IP5

  @Test
  void aRemovalIsFound() {
    Scene scene = new Scene(s -> new NothingRemoved(s.verdict));
    scene.write(1, 1, 1).write(1, 1, 2).holds();
    scene.truncate(1, 1).breaks("IP5");
  }
}

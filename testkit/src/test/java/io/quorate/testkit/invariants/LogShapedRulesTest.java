package io.quorate.testkit.invariants;

import static io.quorate.testkit.invariants.Scene.entry;
import static io.quorate.testkit.invariants.Scene.term;

import org.junit.jupiter.api.Test;

/** The rules of Raft-shaped logs: facts that break each, and the near miss. */
class LogShapedRulesTest {
  // IR2

  private static Scene leading() {
    Scene scene = new Scene(s -> new LeaderAppendOnly(s.verdict));
    return scene.write(1, 1, 1).lead(1, 2);
  }

  @Test
  void aLeaderThatRemovesIsFound() {
    leading().truncate(1, 1).breaks("IR2");
  }

  @Test
  void aLeaderMayMendItsLog() {
    leading().spoil(1, 1).write(1, 1, 1).holds();
  }

  @Test
  void aLeaderThatOverwritesIsFound() {
    leading().write(1, 1, 2).breaks("IR2");
  }

  @Test
  void aLeaderThatWritesUnderAnotherStampIsFound() {
    leading().write(1, 2, 1).breaks("IR2");
  }

  @Test
  void aLeaderThatAddsIsNone() {
    leading().write(1, 2, 2).write(1, 3, 2).holds();
  }

  @Test
  void whoIsDeposedMayRemoveBeforeItSaysSo() {
    leading().write(1, 2, 2).in(1, 3).truncate(1, 2).write(1, 2, 3).holds();
  }

  @Test
  void whoHasSaidThatAnotherLeadsMayRemove() {
    leading().announce(1, 2, 3).truncate(1, 1).write(1, 1, 3).holds();
  }

  // IR3

  private static Scene matching() {
    Scene scene = new Scene(s -> new LogMatching(s.verdict, s.group));
    return scene.write(1, 1, 1).write(1, 2, 2).write(2, 1, 1);
  }

  @Test
  void anotherValueForAnIndexAndStampIsFound() {
    matching().write(2, entry(2, 2, "another")).breaks("IR3");
  }

  @Test
  void anEntryThatFollowsAnotherOneIsFound() {
    Scene scene = new Scene(s -> new LogMatching(s.verdict, s.group));
    scene.write(1, 1, 1).write(1, 2, 2).write(2, 1, 2).write(2, 2, 2).breaks("IR3");
  }

  @Test
  void aCopyInPlaceOfADamagedEntryIsTheSame() {
    matching().spoil(1, 1).write(1, 1, 1).holds();
    matching().spoil(1, 1).write(1, 1, 2).breaks("IR3");
    matching().spoil(1, 1).write(1, entry(1, 1, "another")).breaks("IR3");
  }

  @Test
  void aHoleIsFound() {
    matching().write(2, 3, 2).breaks("IR3");
  }

  @Test
  void anOverwriteWithoutARemovalIsFound() {
    matching().write(2, 1, 2).breaks("IR3");
  }

  @Test
  void aStampThatDecreasesIsFound() {
    matching().write(1, 3, 1).breaks("IR3");
  }

  @Test
  void theSameEntryAndAnotherUnderAnotherStampAreNone() {
    matching().write(2, 2, 2).truncate(2, 2).write(2, 2, 3).holds();
  }

  // IR4

  private static Scene committed() {
    Scene scene = new Scene(s -> new LeaderCompleteness(s.verdict, s.group));
    scene.writeAll(1, 1).write(1, 2, 1).write(2, 2, 1);
    return scene.in(1, 1).commit(1, 1).commit(1, 2);
  }

  @Test
  void aLaterLeaderThatLacksAnEntryIsFound() {
    committed().lead(3, 2).breaks("IR4");
  }

  @Test
  void aLaterLeaderWithAnotherEntryInItsPlaceIsFound() {
    committed().write(3, 2, 2).lead(3, 3).breaks("IR4");
  }

  @Test
  void aLaterLeaderThatHoldsAllIsNone() {
    committed().write(2, 3, 1).lead(2, 2).holds();
  }

  @Test
  void aLeaderWhoseStampIsBehindNeedsOnlyWhatIsOlder() {
    Scene scene = committed().lead(2, 5).write(2, 3, 5).write(1, 3, 5).commit(2, 3);
    scene.write(3, 2, 1).lead(3, 4).holds();
  }

  @Test
  void aLeaderWhoseStampIsBehindIsFoundToLackWhatIsOlder() {
    Scene scene = committed().lead(2, 5).write(2, 3, 5).write(1, 3, 5).commit(2, 3);
    scene.lead(3, 4).breaks("IR4");
  }

  // IR5

  @Test
  void anotherEntryThatIsCommittedIsFound() {
    Scene scene = new Scene(s -> new StateMachineSafety(s.verdict, s.group));
    scene.write(1, 1, 1).commit(1, 1).write(2, 1, 2).commit(2, 1).breaks("IR5");
  }

  @Test
  void anotherEntryBelowNewOnesIsFound() {
    Scene scene = new Scene(s -> new StateMachineSafety(s.verdict, s.group));
    scene.write(1, 1, 1).commit(1, 1).write(2, 1, 2).write(2, 2, 2).commit(2, 2).breaks("IR5");
  }

  @Test
  void theSameEntriesInOtherStepsAreNone() {
    Scene scene = new Scene(s -> new StateMachineSafety(s.verdict, s.group));
    scene.writeAll(1, 1).writeAll(2, 2).writeAll(3, 2);
    scene.commit(1, 1).commit(2, 2).commit(1, 3).commit(3, 1).commit(3, 3).holds();
  }

  // IR6

  @Test
  void aCommitThatAnElectionCouldUndoIsFound() {
    Scene scene = new Scene(s -> new CommitIsFinal(s.verdict, s.group));
    // R1: a majority holds entry 2 of term 2, but 3 has a later last term.
    scene.writeAll(1, 1).write(1, 2, 2).sync(1).write(2, 2, 2).sync(2).write(3, 2, 3).sync(3);
    scene.commit(1, 2).breaks("IR6");
  }

  @Test
  void aCommitUnderAnEntryOfTheOwnTermIsFinal() {
    Scene scene = new Scene(s -> new CommitIsFinal(s.verdict, s.group));
    scene.writeAll(1, 1).write(1, 2, 2).write(2, 2, 2).write(3, 2, 3).sync(3);
    scene.write(1, 3, 4).sync(1).write(2, 3, 4).sync(2);
    scene.commit(1, 3).holds();
  }

  // IR7

  @Test
  void twoVotesUnderOneStampAreFound() {
    Scene scene = new Scene(s -> new OneVote(s.verdict, s.group));
    scene.rule.votes(scene.replica(1), term(2), 1);
    scene.restart(1);
    scene.rule.votes(scene.replica(1), term(2), 3);
    scene.breaks("IR7");
  }

  @Test
  void oneVoteToldTwiceAndOneUnderALaterStampAreNone() {
    Scene scene = new Scene(s -> new OneVote(s.verdict, s.group));
    scene.rule.votes(scene.replica(1), term(2), 2);
    scene.rule.votes(scene.replica(1), term(2), 2);
    scene.rule.votes(scene.replica(3), term(2), 3);
    scene.rule.votes(scene.replica(1), term(3), 3);
    scene.holds();
  }

  @Test
  void aVoteThatTheDiskHasLostMayBeGivenAgain() {
    Scene scene = new Scene(s -> new OneVote(s.verdict, s.group));
    scene.rule.votes(scene.replica(1), term(2), 1);
    scene.loseRecord(1);
    scene.rule.votes(scene.replica(1), term(2), 3);
    scene.holds();
  }

  // ID4

  @Test
  void whoHasLostItsRecordAndTestifiesIsFound() {
    Scene scene = new Scene(s -> new LostRecord(s.verdict, s.group, true));
    scene.write(2, 1, 1).sync(2).write(3, 1, 1).sync(3).commit(2, 1);
    scene.write(2, 2, 1).sync(2).loseRecord(1).write(3, 2, 1).sync(3).commit(2, 2);
    scene.rule.promises(scene.replica(2), term(1));
    scene.holds();
    scene.rule.promises(scene.replica(1), term(1));
    scene.breaks("ID4");
  }

  @Test
  void onceOthersHaveCommittedWithoutItItMayTestify() {
    for (boolean mayReturn : new boolean[] {true, false}) {
      Scene scene = new Scene(s -> new LostRecord(s.verdict, s.group, mayReturn));
      scene.write(2, 1, 1).sync(2).write(3, 1, 1).sync(3).commit(2, 1).loseRecord(1);
      scene.write(2, 2, 1).sync(2).write(3, 2, 1).sync(3).commit(2, 2);
      scene.rule.promises(scene.replica(1), term(1));
      if (mayReturn) {
        scene.holds();
      } else {
        scene.breaks("ID4");
      }
    }
  }

  // IR8

  @Test
  void aTermThatGoesBackInOneLifeIsFound() {
    Scene scene = new Scene(s -> new TermNeverBack(s.verdict, s.group));
    scene.announce(1, 0, 3).announce(1, 2, 2).breaks("IR8");
  }

  @Test
  void aTermBelowATestimonyOfAnEarlierLifeIsFound() {
    Scene scene = new Scene(s -> new TermNeverBack(s.verdict, s.group));
    scene.rule.promises(scene.replica(1), term(3));
    scene.restart(1);
    scene.announce(1, 0, 2).breaks("IR8");
  }

  @Test
  void aTermThatNobodyWasToldMayBeLostWithThePower() {
    Scene scene = new Scene(s -> new TermNeverBack(s.verdict, s.group));
    scene.rule.promises(scene.replica(1), term(2));
    scene.announce(1, 0, 2).announce(1, 0, 3);
    scene.restart(1);
    scene.announce(1, 0, 2).announce(1, 2, 2).announce(1, 0, 4).holds();
  }

  // ID2

  @Test
  void aCommitWithoutAMajorityOfSyncedImagesIsFound() {
    Scene scene = new Scene(s -> new DurableCopies(s.verdict, s.group));
    scene.write(1, 1, 1).sync(1).write(2, 1, 1).commit(1, 1).breaks("ID2");
  }

  @Test
  void aCopyUnderAnotherStampDoesNotCount() {
    Scene scene = new Scene(s -> new DurableCopies(s.verdict, s.group));
    scene.write(1, 1, 2).sync(1).write(2, 1, 1).sync(2).commit(1, 1).breaks("ID2");
  }

  @Test
  void aCommitWithAMajorityOfSyncedImagesIsNone() {
    Scene scene = new Scene(s -> new DurableCopies(s.verdict, s.group));
    scene.write(1, 1, 1).sync(1).write(2, 1, 1).sync(2).commit(1, 1).holds();
  }

  // IC2

  private static Scene removing() {
    Scene scene = new Scene(s -> new CommittedStays(s.verdict, s.group));
    return scene.writeAll(1, 1).write(1, 2, 1).write(2, 2, 1).write(3, 2, 2).commit(1, 2);
  }

  @Test
  void aRemovalOfWhatIsCommittedIsFound() {
    removing().truncate(2, 2).breaks("IC2");
  }

  @Test
  void aRemovalOfACopyBesideAMajorityIsNone() {
    Scene scene = new Scene(s -> new CommittedStays(s.verdict, s.group));
    scene.writeAll(1, 1).writeAll(2, 1).commit(1, 2).truncate(3, 2).holds();
  }

  @Test
  void aRemovalOfWhatOneHasCommittedIsFound() {
    Scene scene = new Scene(s -> new CommittedStays(s.verdict, s.group));
    scene.writeAll(1, 1).writeAll(2, 1).commit(1, 2).commit(3, 2).truncate(3, 2).breaks("IC2");
  }

  @Test
  void aRemovalOfWhatIsNotIsNone() {
    removing().truncate(3, 2).write(3, 2, 1).write(3, 3, 1).truncate(3, 3).holds();
  }
}

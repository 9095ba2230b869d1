package io.quorate.testkit.invariants;

import static io.quorate.testkit.invariants.Scene.entry;
import static io.quorate.testkit.invariants.Scene.term;

import io.quorate.Status;
import io.quorate.spi.Configuration;
import io.quorate.spi.Entry;
import io.quorate.spi.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The rules of every protocol: facts that break each, and the near miss. */
class CommonRulesTest {
  // IR1

  @Test
  void twoLeadersOfOneStampAreFound() {
    Scene scene = new Scene(s -> new ElectionSafety(s.verdict));
    scene.lead(1, 2).lead(2, 2).breaks("IR1");
  }

  @Test
  void aFollowerThatTakesAnotherForTheLeaderIsFound() {
    Scene scene = new Scene(s -> new ElectionSafety(s.verdict));
    scene.lead(1, 2).announce(3, 2, 2).breaks("IR1");
  }

  @Test
  void twoIncarnationsThatLeadUnderOneStampAreFound() {
    Scene scene = new Scene(s -> new ElectionSafety(s.verdict));
    scene.lead(1, 2);
    scene.replica(1).replaced();
    scene.lead(1, 2).breaks("IR1");
  }

  @Test
  void leadersOfDifferentStampsAreNone() {
    Scene scene = new Scene(s -> new ElectionSafety(s.verdict));
    scene.lead(1, 2).announce(3, 1, 2).announce(3, 0, 3).lead(2, 3).announce(1, 2, 3).holds();
  }

  // ID1

  @Test
  void anEntryThatIsTestifiedBeforeItsSyncIsFound() {
    Scene scene = new Scene(s -> new Rule() {});
    DurableBeforeTestimony rule = new DurableBeforeTestimony(scene.verdict, scene.group);
    scene.write(1, 1, 1).sync(1).write(1, 2, 1);
    rule.entriesTo(scene.replica(1), 1, "message");
    rule.entry(scene.replica(1), 1, term(1), "message");
    rule.entriesTo(scene.replica(1), 0, "message");
    scene.holds();
    rule.entriesTo(scene.replica(1), 2, "message");
    scene.breaks("ID1");
  }

  @Test
  void anAcceptanceUnderAnotherStampThanTheDurableOneIsFound() {
    Scene scene = new Scene(s -> new Rule() {});
    DurableBeforeTestimony rule = new DurableBeforeTestimony(scene.verdict, scene.group);
    scene.write(1, 1, 1).sync(1);
    rule.entry(scene.replica(1), 1, term(2), "message");
    scene.breaks("ID1");
  }

  @Test
  void aRecordThatIsTestifiedBeforeItsSyncIsFound() {
    Scene scene = new Scene(s -> new Rule() {});
    DurableBeforeTestimony rule = new DurableBeforeTestimony(scene.verdict, scene.group);
    scene.replica(1).image.save(new byte[] {7});
    scene.sync(1);
    rule.saved(scene.replica(1), "a seven", saved -> saved.length == 1, "message");
    scene.holds();
    scene.replica(1).image.save(new byte[] {7, 8});
    rule.saved(scene.replica(1), "an eight", saved -> saved.length == 2, "message");
    scene.breaks("ID1");
  }

  // IC26

  @Test
  void aCommitThatALeaseHolderDoesNotKnowIsFound() {
    long[] clock = {5};
    Scene scene = new Scene(s -> new LeaseHolderKnowsAll(s.verdict, () -> clock[0]));
    scene.writeAll(1, 1).writeAll(2, 1).lead(1, 1);
    scene.rule.leases(scene.replica(1), 10);
    scene.commit(1, 1).commit(2, 1);
    clock[0] = 9;
    scene.holds();
    scene.commit(2, 2).breaks("IC26");
  }

  @Test
  void aCommitAfterALeaseIsNoneOfItsHoldersBusiness() {
    long[] clock = {10};
    Scene scene = new Scene(s -> new LeaseHolderKnowsAll(s.verdict, () -> clock[0]));
    scene.writeAll(1, 1).writeAll(2, 1).lead(1, 1);
    scene.rule.leases(scene.replica(1), 10);
    scene.commit(2, 1);
    scene.rule.leases(scene.replica(1), 20);
    scene.announce(1, 0, 1).commit(3, 1);
    scene.rule.leases(scene.replica(1), 20);
    scene.restart(1);
    scene.commit(2, 2).holds();
  }

  // ID3

  @Test
  void aTestimonyUnderAnEarlierStampThanPromisedIsFound() {
    Scene scene = new Scene(s -> new PromiseKept(s.verdict, s.group));
    scene.rule.promises(scene.replica(1), term(3));
    scene.restart(1);
    scene.rule.promises(scene.replica(1), term(2));
    scene.breaks("ID3");
  }

  @Test
  void aLeaderThatHasPromisedALaterStampIsFound() {
    Scene scene = new Scene(s -> new PromiseKept(s.verdict, s.group));
    scene.rule.promises(scene.replica(1), term(3));
    scene.lead(1, 2).breaks("ID3");
  }

  @Test
  void promisesThatGrowAreKept() {
    Scene scene = new Scene(s -> new PromiseKept(s.verdict, s.group));
    scene.rule.promises(scene.replica(1), term(3));
    scene.rule.promises(scene.replica(1), term(3));
    scene.rule.promises(scene.replica(2), term(2));
    scene.announce(1, 2, 2).lead(1, 3);
    scene.rule.promises(scene.replica(1), term(4));
    scene.replica(1).replaced();
    scene.rule.promises(scene.replica(1), term(1));
    scene.holds();
  }

  // IC1, IC3

  @Test
  void aCommitThatGoesBackIsFound() {
    Scene scene = new Scene(s -> new CommitMonotone(s.verdict));
    scene.writeAll(1, 1).writeAll(2, 1).commit(1, 2).commit(1, 1).breaks("IC1");
  }

  @Test
  void aCommitThatBeginsAnewAfterARestartIsNone() {
    Scene scene = new Scene(s -> new CommitMonotone(s.verdict));
    scene.writeAll(1, 1).writeAll(2, 1).commit(1, 2).commit(1, 2);
    scene.restart(1);
    scene.commit(1, 1).commit(2, 1).holds();
  }

  @Test
  void aCommitOfWhatIsNotWrittenIsFound() {
    Scene scene = new Scene(s -> new CommittedIsWritten(s.verdict));
    scene.write(1, 1, 1).commit(1, 1).holds();
    scene.rule.commits(scene.replica(1), 2);
    scene.breaks("IC3");
  }

  @Test
  void aCommitOverAHoleIsFound() {
    Scene scene = new Scene(s -> new CommittedIsWritten(s.verdict));
    scene.write(1, 1, 1).write(1, 3, 1).commit(1, 1).holds();
    scene.rule.commits(scene.replica(1), 3);
    scene.breaks("IC3");
  }

  @Test
  void holesAboveWhatIsCommittedAreNone() {
    Scene scene = new Scene(s -> new CommittedIsWritten(s.verdict));
    scene.write(1, 9, 1).write(1, 2, 1).write(1, 1, 2).commit(1, 2).holds();
  }

  // IC23

  @Test
  void anotherValueWhereTheReplicaHasCommittedIsFound() {
    for (long stamp : List.of(1L, 2L, 3L)) {
      Scene scene = new Scene(s -> new CommittedValueStays(s.verdict, s.group));
      scene.write(1, entry(1, 2, "a")).commit(1, 1);
      scene.write(1, entry(1, stamp, "b")).breaks("IC23");
    }
  }

  @Test
  void theCommittedValueUnderAnyStampIsNone() {
    Scene scene = new Scene(s -> new CommittedValueStays(s.verdict, s.group));
    scene.write(1, entry(1, 2, "a")).commit(1, 1);
    scene.write(1, entry(1, 1, "a")).write(1, entry(1, 3, "a")).holds();
  }

  @Test
  void anotherValueWhereOnlyOthersHaveCommittedIsNone() {
    Scene scene = new Scene(s -> new CommittedValueStays(s.verdict, s.group));
    scene.write(1, entry(1, 2, "a")).commit(1, 1);
    scene.write(2, entry(1, 1, "b")).write(1, entry(2, 2, "c")).holds();
  }

  @Test
  void anotherKindWithTheSameBytesIsFound() {
    Scene scene = new Scene(s -> new CommittedValueStays(s.verdict, s.group));
    Entry batch = entry(1, 2, "a");
    scene.write(1, batch).commit(1, 1);
    scene.write(1, new Entry(1, 1, Entry.Kind.LEAD, term(3), batch.value())).breaks("IC23");
  }

  // IC14

  private static Entry founding(Scene scene) {
    List<Configuration.Voter> voters = new ArrayList<>();
    for (int id = 1; id <= 3; id++) {
      voters.add(new Configuration.Voter(scene.replica(id).member, "host:" + id));
    }
    Payload value = new Configuration(new UUID(1, 2), 1, "raft", voters, 0, 0, 0).encode();
    return new Entry(1, 1, Entry.Kind.FOUNDING, term(1), value);
  }

  @Test
  void aLeaderWithoutAFoundingEntryIsFound() {
    Scene scene = new Scene(s -> new Formation(s.verdict, s.group));
    scene.lead(1, 1).breaks("IC14");
  }

  @Test
  void aLeaderBeforeAllHoldFoundingIsFound() {
    Scene scene = new Scene(s -> new Formation(s.verdict, s.group));
    Entry founding = founding(scene);
    scene.write(1, founding).sync(1).write(2, founding).sync(2).write(3, founding);
    scene.lead(1, 1).breaks("IC14");
  }

  @Test
  void aLeaderAfterAllHoldFoundingIsNone() {
    Scene scene = new Scene(s -> new Formation(s.verdict, s.group));
    Entry founding = founding(scene);
    scene.write(1, founding).sync(1).write(2, founding).sync(2).write(3, founding).sync(3);
    scene.announce(2, 0, 1).lead(1, 1).lead(2, 2).holds();
  }

  // IC15

  private static Status status(long last, long durable, long commit, long applied) {
    return new Status(
        1, "a", "b", "leader", 1, "1", last, durable, commit, applied, applied, 0, 0, List.of(),
        List.of());
  }

  @Test
  void pointersInOrderAreNone() {
    Scene scene = new Scene(s -> new PointersInOrder(s.verdict));
    PointersInOrder rule = (PointersInOrder) scene.rule;
    rule.looks(status(5, 5, 5, 5));
    rule.looks(status(6, 2, 5, 5)); // What is durable goes back where a suffix was replaced.
    scene.restart(1);
    rule.looks(status(6, 6, 0, 0));
    scene.holds();
  }

  @Test
  void pointersOutOfOrderAreFound() {
    List<Status> wrong =
        List.of(status(4, 4, 4, 5), status(4, 4, 5, 4), status(4, 5, 4, 4), status(9, 9, 1, 2));
    for (Status status : wrong) {
      Scene scene = new Scene(s -> new PointersInOrder(s.verdict));
      ((PointersInOrder) scene.rule).looks(status);
      scene.breaks("IC15");
    }
  }

  @Test
  void pointersThatGoBackAreFound() {
    for (Status status : List.of(status(9, 9, 4, 4), status(9, 9, 5, 3))) {
      Scene scene = new Scene(s -> new PointersInOrder(s.verdict));
      ((PointersInOrder) scene.rule).looks(status(9, 9, 5, 4));
      ((PointersInOrder) scene.rule).looks(status);
      scene.breaks("IC15");
    }
  }
}

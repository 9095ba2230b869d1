package io.quorate.testkit.invariants;

import static io.quorate.testkit.invariants.Scene.entry;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.spi.Entry;
import io.quorate.spi.Payload;
import org.junit.jupiter.api.Test;

/**
 * The rules about commands and those who propose them: facts that break each, and the near miss.
 */
class CommandRulesTest {
  private final Scene scene = new Scene(s -> new Rule() {});
  private final History history = new History();

  private static History.Applied applied(long index, String text, long time, String reply) {
    return new History.Applied(
        index, index, text.getBytes(UTF_8), time, "s", Answer.of(reply.getBytes(UTF_8)), text);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  // IC5

  private AppliedInOrder committed(String... values) {
    for (int i = 0; i < values.length; i++) {
      scene.write(1, entry(i + 1L, 1, values[i]));
    }
    scene.commit(1, values.length);
    return new AppliedInOrder(scene.verdict, scene.group);
  }

  @Test
  void commandsInTheOrderOfTheEntriesAreNone() {
    AppliedInOrder rule = committed("", "[a][b]", "[b]", "[c][a]");
    rule.applied(1, applied(1, "a", 0, ""));
    rule.applied(1, applied(2, "b", 0, ""));
    rule.applied(1, applied(3, "a", 0, ""));
    scene.holds();
  }

  @Test
  void commandsInAnotherOrderAreFound() {
    AppliedInOrder rule = committed("[a][b]", "[c]");
    rule.applied(1, applied(1, "b", 0, ""));
    rule.applied(1, applied(2, "a", 0, ""));
    scene.breaks("IC5");
  }

  @Test
  void aCommandThatNoEntryOfCommandsCarriesIsFound() {
    AppliedInOrder rule = committed("[a]");
    scene.write(1, new Entry(1, 2, Entry.Kind.LEAD, Scene.term(1), Payload.of(bytes("b"))));
    scene.commit(1, 2);
    rule.applied(1, applied(1, "b", 0, ""));
    scene.breaks("IC5");
  }

  // IC10

  @Test
  void aCommandThatIsAppliedBeforeItsCommitIsFound() {
    AppliedAfterCommit rule = new AppliedAfterCommit(scene.verdict, scene.group);
    History.Applied command = applied(1, "a", 0, "");
    committed("", "[a]").applied(1, command);
    rule.applied(1, command);
    scene.holds();
    scene.write(2, entry(1, 1, "")).commit(2, 1);
    rule.applied(2, command);
    scene.breaks("IC10");
  }

  @Test
  void aReplayBeforeTheCommitOfItsLifeIsFound() {
    AppliedAfterCommit rule = new AppliedAfterCommit(scene.verdict, scene.group);
    History.Applied command = applied(1, "a", 0, "");
    committed("[a]").applied(1, command);
    scene.restart(1);
    rule.applied(1, command);
    scene.breaks("IC10");
  }

  // IC6

  @Test
  void anIndexThatSkipsOrRepeatsIsFound() {
    for (long wrong : new long[] {1, 3}) {
      Scene fresh = new Scene(s -> new Rule() {});
      CommandIndex rule = new CommandIndex(fresh.verdict, 1);
      rule.applied(1);
      fresh.holds();
      rule.applied(wrong);
      fresh.breaks("IC6");
    }
  }

  @Test
  void anIndexThatAdvancesByOneIsNone() {
    CommandIndex rule = new CommandIndex(scene.verdict, 1);
    rule.applied(1);
    rule.applied(2);
    rule.applied(3);
    scene.holds();
  }

  // IC7

  @Test
  void aCommandAppliedMoreOftenThanProposedIsFound() {
    AppliedOnce rule = new AppliedOnce(scene.verdict);
    rule.proposed("a");
    rule.proposed("a");
    rule.applied("a");
    rule.applied("a");
    scene.holds();
    rule.applied("a");
    scene.breaks("IC7");
  }

  @Test
  void aCommandThatNobodyProposedIsFound() {
    new AppliedOnce(scene.verdict).applied("a");
    scene.breaks("IC7");
  }

  @Test
  void aCommandThatIsRefusedAndAppliedIsFound() {
    AppliedOnce rule = new AppliedOnce(scene.verdict);
    rule.proposed("a");
    rule.proposed("b");
    rule.applied("a");
    rule.refused("b");
    scene.holds();
    rule.refused("a");
    scene.breaks("IC7");
  }

  // IC9

  @Test
  void clusterTimeThatGoesBackIsFound() {
    ClusterTime rule = new ClusterTime(scene.verdict, history);
    history.add(applied(1, "a", 5, ""));
    rule.applied(1, applied(2, "b", 5, ""));
    scene.holds();
    rule.applied(1, applied(2, "b", 4, ""));
    scene.breaks("IC9");
  }

  // IC16

  @Test
  void anAcknowledgementThatIsTrueIsNone() {
    history.add(applied(1, "a", 0, "one"));
    new AcknowledgedIsTrue(scene.verdict, history).acknowledged("a", 1, bytes("one"));
    scene.holds();
  }

  @Test
  void anAcknowledgementOfAnotherCommandIndexOrReplyIsFound() {
    history.add(applied(1, "a", 0, "one"));
    String[][] wrong = {{"b", "1", "one"}, {"a", "2", "one"}, {"a", "0", "one"}, {"a", "1", "two"}};
    for (String[] claim : wrong) {
      Scene fresh = new Scene(s -> new Rule() {});
      new AcknowledgedIsTrue(fresh.verdict, history)
          .acknowledged(claim[0], Long.parseLong(claim[1]), bytes(claim[2]));
      fresh.breaks("IC16");
    }
  }

  // IC17

  @Test
  void aCommandThatComesBeforeWhatWasSeenIsFound() {
    Linearizable rule = new Linearizable(scene.verdict);
    rule.acknowledged("a", 0, 3);
    rule.acknowledged("b", 0, 2); // It began before 3 was seen.
    rule.acknowledged("c", rule.seen(), 4);
    scene.holds();
    rule.acknowledged("d", rule.seen(), 4);
    scene.breaks("IC17");
  }

  @Test
  void aReadThatDoesNotSeeWhatWasSeenIsFound() {
    Linearizable rule = new Linearizable(scene.verdict);
    rule.acknowledged("a", 0, 3);
    rule.read(1, rule.seen(), 3);
    scene.holds();
    rule.read(1, rule.seen(), 2);
    scene.breaks("IC17");
  }

  // IC18

  @Test
  void anotherCommandUnderAnIndexIsFound() {
    SameCommands rule = new SameCommands(scene.verdict, bytes -> new String(bytes, UTF_8));
    rule.applied(2, new Plain(1, 5, "a"), applied(1, "a", 5, ""));
    scene.holds();
    rule.applied(2, new Plain(1, 5, "b"), applied(1, "a", 5, ""));
    scene.breaks("IC18");
  }

  @Test
  void anotherTimeUnderAnIndexIsFound() {
    SameCommands rule = new SameCommands(scene.verdict, bytes -> new String(bytes, UTF_8));
    rule.applied(2, new Plain(1, 6, "a"), applied(1, "a", 5, ""));
    scene.breaks("IC18");
  }

  // IC19

  @Test
  void aHaltThatNothingExplainsIsFound() {
    NoHalt rule = new NoHalt(scene.verdict);
    rule.halts(1, true, "the disk");
    scene.holds();
    rule.halts(1, false, "a check");
    scene.breaks("IC19");
  }
}

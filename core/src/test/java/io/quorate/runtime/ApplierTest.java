package io.quorate.runtime;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.CommandRejectedException;
import io.quorate.runtime.Outcome.Code;
import io.quorate.spi.Base;
import io.quorate.spi.Entry;
import io.quorate.spi.Entry.Kind;
import io.quorate.spi.Lead;
import io.quorate.spi.Payload;
import io.quorate.spi.Snapshots.Snapshot;
import io.quorate.spi.Stamp;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ApplierTest {
  private static final SessionId SESSION = new SessionId(0, 1);
  private final Bench.Machine machine = new Bench.Machine();
  private Applier applier =
      new Applier(machine, (a, b) -> Long.compare(a.high(), b.high()), new SessionTable(1_000_000));
  private final List<Outcome> outcomes = new ArrayList<>();
  private long next = 1;

  @Test
  void theCommandIndexAdvancesByOneForEachApplyAndForNothingElse() {
    apply(Kind.FOUNDING, new Stamp(1, 0), Payload.EMPTY);
    lead(2, 2);
    assertEquals(0, applier.commandIndex());
    batch(10, 2, 1, 2);
    assertEquals(2, applier.commandIndex());
    batch(11, 2, 1, 2, 3); // Two duplicates.
    assertEquals(3, applier.commandIndex());
    assertEquals(3, machine.applied.size());
    assertEquals(List.of(1L, 2L, 1L, 2L, 3L), outcomes.stream().map(Outcome::index).toList());
    assertEquals(4, applier.entryIndex());
  }

  @Test
  void aBatchOfASupersededLeaderIsFencedAndCountsForNothing() {
    lead(5, 5);
    batch(1, 4, 1);
    assertEquals(0, applier.commandIndex());
    assertEquals(List.of(), outcomes);
    batch(2, 5, 1);
    assertEquals(1, applier.commandIndex());
  }

  @Test
  void theFenceIsWhatTheLeadSaysAndNotTheStampUnderWhichItWasProposedAgain() {
    lead(9, 5);
    batch(1, 4, 1);
    assertEquals(0, applier.commandIndex());
    batch(2, 6, 1);
    assertEquals(1, applier.commandIndex());
  }

  @Test
  void theLeadOfASupersededLeaderDoesNotLowerTheFence() {
    lead(5, 5);
    lead(6, 3);
    batch(1, 4, 1);
    assertEquals(0, applier.commandIndex());
    lead(6, 6);
    batch(2, 5, 1);
    assertEquals(0, applier.commandIndex());
  }

  @Test
  void aLeadOfALaterEpochCountsWhateverItsStamp() {
    lead(5, 5);
    apply(Kind.LEAD, new Stamp(2, 0), new Lead(2, new Stamp(2, 0)).encode());
    lead(9, 9);
    batchOf(2, 1, 1, 1);
    assertEquals(0, applier.commandIndex());
    batchOf(2, 2, 2, 1);
    assertEquals(1, applier.commandIndex());
  }

  @Test
  void aLeadWithoutAValueFencesNothing() {
    lead(5, 5);
    apply(Kind.LEAD, new Stamp(9, 0), Payload.EMPTY);
    batch(1, 5, 1);
    assertEquals(1, applier.commandIndex());
    batch(2, 4, 2);
    assertEquals(1, applier.commandIndex());
  }

  @Test
  void timeNeverGoesBack() {
    batch(10, 1, 1);
    batch(7, 1, 2);
    assertEquals(10, applier.time());
    batch(12, 1, 3);
    assertEquals(12, applier.time());
  }

  @Test
  void aRejectionIsAReplyLikeAnyOtherAndARetryGetsIt() {
    machine.apply =
        command -> {
          throw new CommandRejectedException("no number");
        };
    batch(1, 1, 1, 1);
    assertEquals(1, applier.commandIndex());
    for (Outcome outcome : outcomes) {
      assertEquals(Code.REJECTED, outcome.code());
      assertEquals("no number", outcome.text());
      assertEquals(1, outcome.index());
    }
    assertEquals(2, outcomes.size());
  }

  @Test
  void aRejectionThatIsTooLongIsCut() {
    machine.apply =
        command -> {
          throw new CommandRejectedException("x".repeat(100_000));
        };
    batch(1, 1, 1);
    assertTrue(outcomes.get(0).value().length <= 32 << 10);
  }

  @Test
  void anyOtherThrowableHaltsAndSaysWhichCommand() {
    batch(1, 1, 1);
    machine.apply =
        command -> {
          throw new StackOverflowError();
        };
    Throwable halt = assertThrows(Applier.HaltException.class, () -> batch(2, 1, 2));
    assertTrue(String.valueOf(halt.getMessage()).contains("command 2 (entry 2)"), halt::toString);
    assertTrue(halt.getCause() instanceof StackOverflowError);
  }

  @Test
  void entriesAreAppliedInOrderWithoutAGap() {
    batch(1, 1, 1);
    next = 3;
    assertThrows(IllegalStateException.class, () -> batch(1, 1, 2));
    next = 1;
    assertThrows(IllegalStateException.class, () -> batch(1, 1, 2));
  }

  @Test
  void aSnapshotHasAllThatIsAgreedOn() throws IOException {
    lead(5, 5);
    batch(10, 5, 1, 2);
    FakeSnapshots snapshots = new FakeSnapshots();
    Snapshot taken = applier.capture(1).writeTo(snapshots);
    assertEquals(2, taken.index());
    Bench.Machine other = new Bench.Machine();
    Applier restored =
        new Applier(other, (a, b) -> Long.compare(a.high(), b.high()), new SessionTable(1_000_000));
    byte[] content = requireNonNull(snapshots.finished.get(2L));
    restored.restore(new Base(2, taken.stamp()), new ByteArrayInputStream(content));
    assertEquals(2, restored.entryIndex());
    assertEquals(2, restored.commandIndex());
    assertEquals(10, restored.time());
    assertEquals(1, restored.sessionCount());
    applier = restored;
    outcomes.clear();
    batch(7, 4, 3);
    assertEquals(2, restored.commandIndex(), "fenced: an earlier leader proposed it");
    batch(7, 5, 2, 3);
    assertEquals(3, restored.commandIndex(), "the first is a retry");
    assertEquals(List.of(2L, 3L), outcomes.stream().map(Outcome::index).toList());
    assertEquals(10, restored.time());
    assertEquals(1, other.applied.size());
    FakeSnapshots again = new FakeSnapshots();
    restored.capture(1).writeTo(again);
    assertEquals(content.length + 18, requireNonNull(again.finished.get(4L)).length);
  }

  @Test
  void whatIsNoSnapshotHalts() {
    for (byte[] content : List.of(new byte[0], new byte[] {9}, new byte[20])) {
      assertThrows(
          Applier.HaltException.class,
          () -> applier.restore(new Base(2, Stamp.NONE), new ByteArrayInputStream(content)));
    }
  }

  private void batch(long time, long origin, long... sequences) {
    batchOf(1, time, origin, sequences);
  }

  private void batchOf(long epoch, long time, long origin, long... sequences) {
    ByteBuffer out =
        Batch.begin(time, epoch, new Stamp(origin, 0), sequences.length, sequences.length * 33);
    for (long sequence : sequences) {
      Batch.putHeader(out, SESSION, sequence, 1, 1);
      out.put((byte) sequence);
    }
    apply(Kind.BATCH, new Stamp(origin, 0), Batch.end(out));
  }

  private void lead(long stamp, long origin) {
    apply(Kind.LEAD, new Stamp(stamp, 0), new Lead(1, new Stamp(origin, 0)).encode());
  }

  private void apply(Kind kind, Stamp stamp, Payload value) {
    applier.apply(
        new Entry(1, next++, kind, stamp, value),
        (entry, position, command, outcome) -> outcomes.add(outcome));
  }
}

package io.quorate.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.quorate.runtime.Outcome.Code;
import io.quorate.spi.Stamp;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SessionTableTest {
  private static final long EXPIRY = 100;
  private static final SessionId A = new SessionId(0, 1);
  private static final SessionId B = new SessionId(0, 2);
  private final SessionTable table = new SessionTable(EXPIRY);

  @Test
  void aSequenceIsAppliedOnceAndItsRetryGetsTheFirstReplyWithTheFirstIndex() {
    assertNull(admit(A, 1, 1, 0));
    Outcome first = ok(41);
    table.settle(1, first);
    assertNull(admit(A, 2, 1, 1));
    table.settle(2, ok(42));
    assertSame(first, admit(A, 1, 1, 2));
  }

  @Test
  void aSequenceBelowTheMarkIsRefused() {
    apply(A, 1, 1, 0);
    apply(A, 2, 2, 0);
    assertEquals(Code.OUT_OF_WINDOW, code(admit(A, 1, 1, 0)));
  }

  @Test
  void aSequenceAWindowAboveTheMarkIsRefusedAndTheOneBelowItIsNot() {
    apply(A, 1, 1, 0);
    assertEquals(Code.OUT_OF_WINDOW, code(admit(A, 1 + Batch.WINDOW, 1, 0)));
    apply(A, Batch.WINDOW, 1, 0);
  }

  @Test
  void aSilentSessionExpiresByTime() {
    apply(A, 1, 1, 10);
    table.expire(10 + EXPIRY);
    assertEquals(1, table.size());
    table.expire(11 + EXPIRY);
    assertEquals(0, table.size());
  }

  /** IC8. */
  @Test
  void anExpiredSessionStaysExpiredEvenForALateCopyOfItsFirstCommand() {
    SessionId born = new SessionId(10, 7);
    apply(born, 1, 1, 10);
    for (long time = 11 + EXPIRY; time < 20 + 3 * EXPIRY; time++) {
      table.expire(time);
      assertEquals(Code.EXPIRED, code(admit(born, 1, 1, time)));
    }
  }

  @Test
  void aSessionBornLaterThanNowOrLongBeforeAllTimeIsNeverKnown() {
    assertEquals(Code.EXPIRED, code(admit(new SessionId(6, 1), 1, 1, 5)));
    assertEquals(Code.EXPIRED, code(admit(new SessionId(Long.MIN_VALUE, 1), 1, 1, 5)));
  }

  @Test
  void expiryFollowsTheLastCommandAndNotTheFirst() {
    apply(A, 1, 1, 0);
    apply(B, 1, 1, 1);
    apply(A, 2, 2, 50);
    table.expire(2 + EXPIRY);
    assertEquals(1, table.size());
    assertNull(admit(A, 3, 3, 2 + EXPIRY));
  }

  @Test
  void aboveTheMostSessionsTheOneThatWasSilentLongestIsForgotten() {
    SessionTable small = new SessionTable(EXPIRY, new SessionTable.Bounds(2, 100, 100));
    apply(small, new SessionId(1, 1), 1, 1, 5);
    apply(small, new SessionId(2, 2), 1, 1, 5);
    apply(small, new SessionId(1, 1), 2, 2, 6);
    apply(small, new SessionId(3, 3), 1, 1, 7);
    assertEquals(2, small.size());
    assertEquals(Code.EXPIRED, code(small.admit(reader(new SessionId(2, 2), 2, 2), 7)));
    assertNull(small.admit(reader(new SessionId(1, 1), 3, 3), 7));
  }

  /** IC8, without time: a late copy of an evicted session's command applies nothing. */
  @Test
  void anEvictedSessionIsNeverRegisteredAgain() {
    SessionTable small = new SessionTable(EXPIRY, new SessionTable.Bounds(1, 100, 100));
    apply(small, new SessionId(4, 1), 1, 1, 5);
    apply(small, new SessionId(5, 2), 1, 1, 5);
    assertEquals(Code.EXPIRED, code(small.admit(reader(new SessionId(4, 1), 1, 1), 5)));
    assertEquals(Code.EXPIRED, code(small.admit(reader(new SessionId(4, 9), 1, 1), 5)));
    assertEquals(1, small.size());
    apply(small, new SessionId(5, 3), 1, 1, 5);
  }

  @Test
  void aboveTheMostOutcomesSessionsAreForgottenButNotTheOneThatIsBusy() {
    SessionTable small = new SessionTable(EXPIRY, new SessionTable.Bounds(10, 4, 100));
    apply(small, new SessionId(1, 1), 1, 1, 5);
    apply(small, new SessionId(1, 1), 2, 1, 5);
    for (int sequence = 1; sequence <= 6; sequence++) {
      apply(small, new SessionId(2, 2), sequence, 1, 5);
    }
    assertEquals(1, small.size());
    assertEquals(
        Code.OK, code(small.admit(reader(new SessionId(2, 2), 1, 1), 5)), "its own are kept");
  }

  @Test
  void aboveTheMostBytesRepliesAreDroppedButNotThatTheCommandsWereApplied() {
    SessionTable small = new SessionTable(EXPIRY, new SessionTable.Bounds(10, 100, 100));
    for (int sequence = 1; sequence <= 3; sequence++) {
      assertNull(small.admit(reader(A, sequence, 1), 5));
      small.settle(sequence, new Outcome(Code.OK, 40 + sequence, new byte[20]));
    }
    assertNull(small.admit(reader(B, 1, 1), 5));
    small.settle(1, new Outcome(Code.OK, 50, new byte[60])); // 120 bytes; 75 may stay.
    for (int sequence = 1; sequence <= 3; sequence++) {
      Outcome dropped = small.admit(reader(A, sequence, 1), 5);
      assertEquals(Code.FAILED, code(dropped));
      assertEquals(40 + sequence, dropped == null ? 0 : dropped.index());
    }
    assertEquals(Code.OK, code(small.admit(reader(B, 1, 1), 5)));
  }

  private static void apply(SessionTable table, SessionId id, long sequence, long mark, long time) {
    assertNull(table.admit(reader(id, sequence, mark), time));
    table.settle(sequence, ok(sequence));
  }

  /** The naive model: maps that are searched from end to end. */
  private static final class Model {
    private final Map<SessionId, Long> lastTimes = new HashMap<>();
    private final Map<SessionId, Long> marks = new HashMap<>();
    private final Map<String, Long> replies = new HashMap<>();
    private final Set<SessionId> gone = new HashSet<>();

    void expire(long time) {
      for (SessionId id : List.copyOf(lastTimes.keySet())) {
        if (time - last(id) > EXPIRY) {
          lastTimes.remove(id);
          marks.remove(id);
          gone.add(id);
        }
      }
    }

    private long last(SessionId id) {
      return lastTimes.getOrDefault(id, 0L);
    }

    /** Null: apply. */
    @Nullable String admit(SessionId id, long sequence, long mark, long time) {
      if (!lastTimes.containsKey(id)
          && (gone.contains(id) || id.born() > time || time - id.born() > EXPIRY)) {
        return "EXPIRED 0";
      }
      lastTimes.put(id, time);
      marks.merge(id, mark, Math::max);
      long low = marks.getOrDefault(id, 0L);
      if (sequence < low || sequence >= low + Batch.WINDOW) {
        return "OUT_OF_WINDOW 0";
      }
      Long reply = replies.get(id + "#" + sequence);
      return reply == null ? null : "OK " + reply;
    }
  }

  @Property(tries = 300)
  void anyInterleavingAgreesWithTheNaiveModel(@ForAll long seed) {
    Random random = new Random(seed);
    SessionTable tested = new SessionTable(EXPIRY);
    Model model = new Model();
    List<SessionId> ids = new ArrayList<>();
    long time = 0;
    long index = 0;
    for (int step = 0; step < 400; step++) {
      time += random.nextInt(8) == 0 ? random.nextInt(70) : 0;
      tested.expire(time);
      model.expire(time);
      if (ids.isEmpty() || random.nextInt(40) == 0) {
        ids.add(new SessionId(time - random.nextInt(30) + 5, step));
      }
      SessionId id = ids.get(random.nextInt(ids.size()));
      long sequence = 1L + random.nextInt(60) + (random.nextInt(30) == 0 ? Batch.WINDOW - 20 : 0);
      long mark = Math.max(1, sequence - random.nextInt(30));
      Outcome outcome = tested.admit(reader(id, sequence, mark), time);
      String expected = model.admit(id, sequence, mark, time);
      assertEquals(expected, outcome == null ? null : outcome.code() + " " + outcome.index());
      if (outcome == null) {
        tested.settle(sequence, ok(++index));
        model.replies.put(id + "#" + sequence, index);
      }
      assertEquals(model.lastTimes.size(), tested.size());
    }
  }

  private void apply(SessionId id, long sequence, long mark, long time) {
    assertNull(admit(id, sequence, mark, time));
    table.settle(sequence, ok(sequence));
  }

  private @Nullable Outcome admit(SessionId id, long sequence, long mark, long time) {
    return table.admit(reader(id, sequence, mark), time);
  }

  private static Code code(@Nullable Outcome outcome) {
    assertNotNull(outcome);
    return outcome.code();
  }

  private static Outcome ok(long index) {
    return new Outcome(Code.OK, index, new byte[0]);
  }

  static Batch.Reader reader(SessionId id, long sequence, long mark) {
    ByteBuffer batch = Batch.begin(0, 1, Stamp.NONE, 1, Batch.COMMAND_HEADER);
    Batch.putHeader(batch, id, sequence, mark, 0);
    Batch.Reader reader = new Batch.Reader();
    reader.open(Batch.end(batch));
    reader.next();
    return reader;
  }
}

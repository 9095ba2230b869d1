package io.quorate.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.runtime.Calls.Proposal;
import io.quorate.runtime.Calls.Received;
import io.quorate.spi.Payload;
import io.quorate.spi.Stamp;
import java.nio.ByteBuffer;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BatchTest {
  @Property(tries = 200)
  void whatIsPutIsRead(
      @ForAll long time,
      @ForAll @LongRange(min = 1) long epoch,
      @ForAll long high,
      @ForAll long low,
      @ForAll @Size(max = 20) List<byte[]> commands) {
    int bytes = 0;
    for (byte[] command : commands) {
      bytes += Batch.COMMAND_HEADER + command.length;
    }
    ByteBuffer out = Batch.begin(time, epoch, new Stamp(high, low), commands.size(), bytes);
    for (int i = 0; i < commands.size(); i++) {
      byte[] command = commands.get(i);
      Batch.put(
          out, new Received(0, new SessionId(high, i), i + 10, i + 3, ByteBuffer.wrap(command)));
    }
    assertFalse(out.hasRemaining());
    Payload value = Batch.end(out);
    assertEquals(time, Batch.timeOf(value));
    Batch.Reader reader = new Batch.Reader();
    reader.open(value);
    assertEquals(time, reader.time());
    assertEquals(epoch, reader.originEpoch());
    assertEquals(new Stamp(high, low), reader.origin());
    for (int i = 0; i < commands.size(); i++) {
      assertTrue(reader.next());
      assertEquals(new SessionId(high, i), reader.session());
      assertTrue(reader.isOf(new SessionId(high, i)));
      assertFalse(reader.isOf(new SessionId(high, i + 1)));
      assertEquals(i + 10, reader.sequence());
      assertEquals(i + 3, reader.mark());
      assertEquals(commands.get(i).length, reader.length());
      assertArrayEquals(commands.get(i), reader.copy());
      assertEquals(ByteBuffer.wrap(commands.get(i)), reader.command());
    }
    assertFalse(reader.next());
  }

  @Test
  void aBatchOfAnotherFormatIsNamed() {
    Batch.Reader reader = new Batch.Reader();
    Payload alien = Payload.of(new byte[] {9, 0, 0});
    Throwable no = assertThrows(IllegalStateException.class, () -> reader.open(alien));
    assertTrue(String.valueOf(no.getMessage()).contains("format 9"));
  }

  @Test
  void aCommandLargerThanABatchIsABatchOfItsOwn() {
    Admission admission = new Admission();
    Proposals own = new Proposals(() -> new SessionId(0, 1), admission, Runnable::run);
    Intake intake = new Intake(own, admission);
    int[] lengths = {10, Batch.COMMAND_BYTES_MAX, 10, 10};
    for (int length : lengths) {
      assertTrue(admission.admit(length));
      own.add(new Proposal(new byte[length], 0));
    }
    assertEquals(1, countOf(intake.next(0, 1, Stamp.NONE)));
    assertEquals(1, countOf(intake.next(0, 1, Stamp.NONE)));
    assertEquals(2, countOf(intake.next(0, 1, Stamp.NONE)));
    assertNull(intake.next(0, 1, Stamp.NONE));
  }

  @Test
  void aBatchOfManyCommandsKeepsTheLimit() {
    Admission admission = new Admission();
    Intake intake =
        new Intake(new Proposals(() -> new SessionId(0, 1), admission, Runnable::run), admission);
    for (int i = 0; i < 1000; i++) {
      assertTrue(intake.add(new Received(-1, new SessionId(0, 2), i, i, ByteBuffer.allocate(999))));
    }
    int count = 0;
    for (Intake.Origin next = intake.next(0, 1, Stamp.NONE);
        next != null;
        next = intake.next(0, 1, Stamp.NONE)) {
      assertTrue(next.value.length() <= Batch.BYTES_MAX + 64);
      count += countOf(next);
    }
    assertEquals(1000, count);
    assertEquals(0, admission.count());
  }

  @Test
  void whatIsDroppedIsGivenBackToAdmission() {
    Admission admission = new Admission();
    Intake intake =
        new Intake(new Proposals(() -> new SessionId(0, 1), admission, Runnable::run), admission);
    for (int i = 0; i < 64; i++) {
      assertTrue(
          intake.add(new Received(-1, new SessionId(0, 2), i, i, ByteBuffer.allocate(1 << 20))));
    }
    assertFalse(intake.add(new Received(-1, new SessionId(0, 2), 9, 9, ByteBuffer.allocate(1))));
    intake.dropReceived();
    assertEquals(0, admission.count());
    assertTrue(admission.admit(1 << 20));
  }

  private static int countOf(Intake.@Nullable Origin origin) {
    assertNotNull(origin);
    Batch.Reader reader = new Batch.Reader();
    reader.open(origin.value);
    int count = 0;
    while (reader.next()) {
      count++;
    }
    return count;
  }
}

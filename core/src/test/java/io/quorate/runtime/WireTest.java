package io.quorate.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.runtime.Calls.Received;
import io.quorate.runtime.Outcome.Code;
import io.quorate.spi.Transport;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class WireTest {
  private static final SessionId SESSION = new SessionId(3, 4);

  @Property(tries = 200)
  void aCommandSurvivesTheWire(@ForAll byte[] bytes) {
    Received sent = new Received(0, SESSION, 90, 30, ByteBuffer.wrap(bytes));
    ByteBuffer in = new Wire.Out(1).putCommand(sent).end();
    Received command = Wire.command(in, -3);
    assertEquals(SESSION, command.session());
    assertEquals(90, command.sequence());
    assertEquals(30, command.mark());
    assertEquals(-3, command.client);
    assertEquals(ByteBuffer.wrap(bytes), command.command());
    assertEquals(0, in.remaining());
  }

  @Test
  void anOutcomeSurvivesTheWire() {
    for (Code code : Code.values()) {
      ByteBuffer in = new Wire.Out(1).putOutcome(true, 8, Outcome.text(code, 5, "sí")).end();
      assertEquals(1, in.get());
      assertEquals(8, in.getLong());
      Outcome outcome = Wire.outcome(in);
      assertEquals(code, outcome.code());
      assertEquals(5, outcome.index());
      assertEquals("sí", outcome.text());
    }
  }

  @Test
  void aFrameInTheMakingGrows() {
    Wire.Out out = new Wire.Out(1);
    for (int i = 0; i < 1000; i++) {
      out.putByte(i).putInt(i).putLong(i).put(new byte[] {1, 2, 3});
    }
    assertEquals(16_000, out.size());
    ByteBuffer in = out.end();
    for (int i = 0; i < 1000; i++) {
      assertEquals((byte) i, in.get());
      assertEquals(i, in.getInt());
      assertEquals(i, in.getLong());
      assertArrayEquals(new byte[] {1, 2, 3}, Wire.bytes(in, 3));
    }
  }

  @Test
  void aLengthThatIsNotThereIsRefusedBeforeAnythingIsAllocated() {
    for (int length : new int[] {-1, Integer.MIN_VALUE, 5, Integer.MAX_VALUE}) {
      ByteBuffer in = ByteBuffer.allocate(4);
      assertThrows(IllegalArgumentException.class, () -> Wire.bytes(in, length));
      assertThrows(IllegalArgumentException.class, () -> Wire.slice(in, length));
      assertThrows(IllegalArgumentException.class, () -> Wire.command(command(9, 0, length), -1));
      ByteBuffer outcome = new Wire.Out(64).putByte(0).putLong(0).putInt(length).putInt(0).end();
      assertThrows(IllegalArgumentException.class, () -> Wire.outcome(outcome));
    }
  }

  @Test
  void aSequenceOrMarkBelowOneIsRefused() {
    long[][] bad = {{0, 0}, {-1, 0}, {Long.MIN_VALUE, 1}, {5, 5}, {5, -1}, {5, 1 << 30}};
    for (long[] pair : bad) {
      assertThrows(
          IllegalArgumentException.class,
          () -> Wire.command(command(pair[0], (int) pair[1], 0), -1));
    }
    assertEquals(1, Wire.command(command(5, 4, 0), -1).mark());
  }

  @Test
  void partsOfSnapshotsAreBulkAndNothingElseIs() {
    assertTrue(Wire.SNAPSHOT_PART >= Transport.BULK_KIND);
    assertTrue(Wire.SNAPSHOT_ASK < Transport.BULK_KIND);
    assertTrue(Wire.ADMIN < Transport.BULK_KIND);
  }

  @Test
  void aClientSendsNoPartsOfSnapshots() {
    Bench bench = new Bench();
    bench.started();
    ByteBuffer part = Wire.Out.ofGroup(1, 0).end();
    assertThrows(IllegalArgumentException.class, () -> bench.receive(-1, Wire.SNAPSHOT_PART, part));
  }

  /** What an attacker sends costs an exception and closes the connection, nothing else. */
  @Property(tries = 500)
  void randomFramesAreReadOrRefusedWithoutHarm(@ForAll long seed) {
    Random random = new Random(seed);
    Bench bench = new Bench();
    LocalReplica replica = bench.leading();
    int[] kinds = {
      Wire.MESSAGES,
      Wire.FORWARD,
      Wire.REFUSED,
      Wire.TURNED_AWAY,
      Wire.OPEN,
      Wire.PROPOSE,
      Wire.QUERY,
      Wire.ADMIN,
      99
    };
    int refused = 0;
    for (int i = 0; i < 20; i++) {
      byte[] bytes = new byte[random.nextInt(120)];
      random.nextBytes(bytes);
      for (int at = 0; at < bytes.length; at++) {
        bytes[at] = random.nextInt(3) == 0 ? bytes[at] : 0;
      }
      ByteBuffer frame = ByteBuffer.wrap(bytes);
      if (bytes.length >= 8) {
        frame.putLong(0, 1);
      }
      try {
        bench.receive(random.nextInt(6) - 3, kinds[random.nextInt(kinds.length)], frame);
      } catch (IllegalArgumentException | BufferUnderflowException e) {
        refused++; // The transport closes the connection.
      }
    }
    bench.settle();
    assertFalse(replica.closed().isDone());
    assertTrue(refused <= 20);
  }

  private static ByteBuffer command(long sequence, int spread, int length) {
    Wire.Out out = new Wire.Out(64).putLong(0).putLong(1).putLong(sequence);
    return out.putInt(spread).putInt(length).end();
  }
}

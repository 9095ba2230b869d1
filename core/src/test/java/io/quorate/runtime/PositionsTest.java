package io.quorate.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quorate.spi.Transport.Hello;
import io.quorate.spi.Transport.Position;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is said of disks, and to whom. */
class PositionsTest {
  private final Positions positions = new Positions();
  private final Bench bench = new Bench();

  @Test
  void theFurthestThatWasHeardIsRemembered() {
    positions.heard(2, 9, 40);
    positions.heard(2, 9, 50);
    positions.heard(2, 9, 45);
    positions.heard(3, 9, 70);
    assertEquals(new Position(9, 50), positions.of(2));
    assertEquals(new Position(9, 50), positions.of(2, 9));
    assertEquals(Position.NONE, positions.of(2, 8));
    assertEquals(Position.NONE, positions.of(1));
  }

  @Test
  void anotherIncarnationDoesNotCountForTheOneBefore() {
    positions.heard(2, 9, 50);
    positions.heard(2, 8, 10);
    positions.heard(2, 7, 0); // Of a log that keeps nothing.
    assertEquals(new Position(8, 10), positions.of(2));
    assertEquals(new Position(9, 50), positions.of(2, 9));
  }

  @Test
  void fourIncarnationsOfAMemberAreRemembered() {
    for (int incarnation = 1; incarnation <= 5; incarnation++) {
      positions.heard(2, incarnation, 10);
    }
    assertEquals(Position.NONE, positions.of(2, 1));
    assertEquals(new Position(2, 10), positions.of(2, 2));
    assertEquals(new Position(5, 10), positions.of(2));
  }

  @Test
  void aFrameSaysHowFarTheDiskIsDurableAsItLeaves() {
    bench.started();
    bench.input(
        out -> {
          out.send(2, 5);
          bench.store.durable = 200;
        });
    bench.settle();
    assertEquals(200, bench.sentOf(Wire.MESSAGES).get(0).header().getLong(0));
  }

  @Test
  void whatAFrameHasSaidIsToldToItsSender() {
    bench.started();
    bench.saidDurable = 40;
    bench.input(out -> {});
    assertEquals(new Position(99, 40), bench.listener().hello(2).known());
    assertEquals(Position.NONE, bench.listener().hello(3).known());
    assertEquals(new Position(11, 100), bench.listener().hello(3).own());
  }

  @Test
  void whatAHelloHasSaidIsToldInTheNextAnswer() {
    bench.started();
    bench.listener().refuse(hello(new Position(7, 60)));
    assertEquals(new Position(7, 60), bench.listener().answer(hello(new Position(7, 30))).known());
    assertEquals(Position.NONE, bench.listener().answer(hello(new Position(8, 30))).known());
  }

  private static Hello hello(Position own) {
    return new Hello(null, List.of(1, 2, 3), 2, 1, 5, own, Position.NONE);
  }
}

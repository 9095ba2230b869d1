package io.quorate.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.embedded.EmbeddedChannel;
import io.quorate.spi.Loop;
import io.quorate.spi.Payload;
import io.quorate.spi.Transport;
import io.quorate.spi.Transport.Hello;
import io.quorate.testkit.contract.RecordingListener;
import io.quorate.testkit.contract.RecordingListener.Connected;
import io.quorate.testkit.contract.RecordingListener.Disconnected;
import io.quorate.testkit.contract.RecordingListener.Event;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** When the second connection to a member is there; member 1 dials member 2, without a network. */
class BulkLaneTest {
  private static final int BULK = Transport.BULK_KIND;
  private static final Hello REMOTE = new Hello(null, List.of(1, 2), 2, 0, 99);

  private final RecordingListener heard = new RecordingListener(1);
  private final EmbeddedChannel time = new EmbeddedChannel();
  private long nanos;
  private final List<Dial> dials = new ArrayList<>();
  private final Station station;

  BulkLaneTest() {
    time.freezeTime();
    Network network = (address, end) -> dials.add(new Dial(address, end));
    station = new Station(new SteppedLoop(), heard, network, new AtomicInteger(), true);
    station.connect(2, "b:7002");
    dials.get(0).open();
    dials.get(0).accept();
    heard.next(Connected.class);
  }

  @Test
  void theFirstFrameOfBulkDialsAndWaits() {
    send(1, 7);
    send(BULK, 1);
    send(BULK + 1, 2);
    send(1, 8);
    assertEquals(2, dials.size());
    assertEquals("b:7002", dials.get(1).address);
    dials.get(1).open();
    dials.get(1).accept();
    send(126, 3);
    assertEquals(List.of("hello", "1:7", "1:8"), dials.get(0).sent);
    assertEquals(List.of("hello for bulk", "64:1", "65:2", "126:3"), dials.get(1).sent);
    assertEquals(2, dials.size());
    assertEquals(List.of(), heard.waiting());
  }

  @Test
  void whatWaitsForItIsBounded() {
    int frames = (int) (BulkLane.WAITING_BYTES_MAX >> 20);
    for (int i = 0; i <= frames; i++) {
      send(BULK, i, Payload.of(new byte[1 << 20]));
    }
    dials.get(1).open();
    dials.get(1).accept();
    List<String> sent = dials.get(1).sent;
    assertEquals(frames - 1, sent.size() - 1, "with their headers one less than the bound");
    assertEquals("64:0", sent.get(1));
  }

  @Test
  void itIsClosedWhenItIsNotUsed() {
    openBulk();
    pass(BulkLane.IDLE_NANOS - 1);
    send(BULK, 2);
    pass(1);
    assertEquals(0, dials.get(1).closed);
    pass(BulkLane.IDLE_NANOS);
    assertEquals(1, dials.get(1).closed);
    assertEquals(0, dials.get(0).closed);
    send(BULK, 3);
    assertEquals(3, dials.size(), "dialled at once where it was closed on purpose");
    assertEquals(List.of(), heard.waiting());
  }

  @Test
  void itEndsWithTheConnectionThatTheListenerKnows() {
    openBulk();
    dials.get(0).end.broken("gone");
    assertEquals(1, dials.get(1).closed);
    assertEquals(List.<Event>of(new Disconnected(2)), heard.waiting());
    send(BULK, 2);
    assertEquals(2, dials.size(), "lost, as everything is without that connection");
  }

  @Test
  void itEndsWithTheLink() {
    openBulk();
    station.close();
    assertEquals(1, dials.get(1).closed);
  }

  @Test
  void whereItCannotBeHadItIsNotTriedWithoutAPause() {
    send(BULK, 1);
    dials.get(1).end.broken("nothing listens there");
    send(BULK, 2);
    assertEquals(2, dials.size());
    pass(TimeUnit.MILLISECONDS.toNanos(50));
    send(BULK, 3);
    assertEquals(3, dials.size());
    dials.get(2).open();
    dials.get(2).accept();
    assertEquals(List.of("hello for bulk", "64:3"), dials.get(2).sent);
    assertEquals(List.of(), heard.waiting());
  }

  @Test
  void aBreakAfterAWhileIsNoReasonToPause() {
    openBulk();
    pass(TimeUnit.SECONDS.toNanos(1));
    dials.get(1).end.broken("reset");
    send(BULK, 2);
    assertEquals(3, dials.size());
    assertTrue(heard.waiting().isEmpty());
  }

  @Test
  void anotherAddressIsAnotherConnection() {
    openBulk();
    station.connect(2, "c:7002");
    assertEquals(1, dials.get(1).closed);
    dials.get(2).open();
    dials.get(2).accept();
    send(BULK, 2);
    assertEquals("c:7002", dials.get(3).address);
  }

  private void openBulk() {
    send(BULK, 1);
    dials.get(1).open();
    dials.get(1).accept();
  }

  private void send(int kind, int number, Payload... values) {
    ByteBuffer header = ByteBuffer.allocate(4).putInt(0, number);
    station.send(2, kind, header, List.of(values));
  }

  private void pass(long byNanos) {
    nanos += byNanos;
    time.advanceTimeBy(byNanos, TimeUnit.NANOSECONDS);
    time.runScheduledPendingTasks();
  }

  /** Time passes only as the test says. */
  private final class SteppedLoop implements Loop {
    private final NettyLoop tasks = new NettyLoop(time.eventLoop());

    @Override
    public void execute(Runnable task) {
      tasks.execute(task);
    }

    @Override
    public boolean inLoop() {
      return tasks.inLoop();
    }

    @Override
    public Scheduled schedule(long delayNanos, Runnable task) {
      return tasks.schedule(delayNanos, task);
    }

    @Override
    public long nanoTime() {
      return nanos;
    }

    @Override
    public long wallNanos() {
      return nanos;
    }
  }

  /** A connection that was dialled, and what was sent over it. */
  private static final class Dial implements Line {
    final String address;
    final Connection end;
    final List<String> sent = new ArrayList<>();
    int closed;

    Dial(String address, Connection end) {
      this.address = address;
      this.end = end;
    }

    void open() {
      end.opened(this);
    }

    void accept() {
      end.greeting(Greeting.of(REMOTE));
    }

    @Override
    public void greet(Greeting greeting) {
      sent.add(greeting.bulk() ? "hello for bulk" : "hello");
    }

    @Override
    public boolean send(int kind, ByteBuffer header, List<Payload> values) {
      sent.add(kind + ":" + header.getInt(0));
      return true;
    }

    @Override
    public void close() {
      closed++;
    }
  }
}

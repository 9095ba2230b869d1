package io.quorate.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.spi.Payload;
import io.quorate.spi.Transport;
import io.quorate.spi.Transport.Hello;
import io.quorate.spi.Transport.Position;
import io.quorate.spi.Transport.TransportException;
import io.quorate.testkit.contract.RecordingListener.Connected;
import io.quorate.testkit.contract.RecordingListener.Disconnected;
import io.quorate.testkit.contract.RecordingListener.Received;
import io.quorate.testkit.contract.RecordingListener.Refused;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Transport} keeps. Extend it with a class that names the transport; the tests
 * run with real threads and wait for events, never for time to pass.
 */
public abstract class TransportContract extends BulkContract {
  /** For subclasses. */
  protected TransportContract() {}

  @Test
  void bothSidesHearWhoTheOtherIs() {
    TransportHost one = listening(1);
    TransportHost two = listening(2);
    one.link().connect(2, addressOf(two.link()));
    Connected up = one.heard().next(Connected.class);
    assertEquals(2, up.member());
    assertEquals(
        new Hello(
            null,
            List.of(1, 2, 3),
            2,
            0,
            two.heard().hostStart(),
            new Position(-2, Long.MAX_VALUE - 2),
            new Position(-1, 21)),
        up.remote());
    assertEquals(up.remote(), one.heard().nextHello());
    assertEquals(
        new Hello(
            null,
            List.of(1, 2, 3),
            1,
            2,
            one.heard().hostStart(),
            new Position(-1, Long.MAX_VALUE - 1),
            new Position(-2, 12)),
        two.heard().nextHello());
  }

  @Test
  void whoIsRefusedHearsWhyAndIsHeardAgainLater() {
    TransportHost one = listening(1);
    TransportHost two = listening(2);
    two.heard().refuseWith("another cluster");
    one.link().connect(2, addressOf(two.link()));
    assertEquals(new Refused(2, "another cluster"), one.heard().next(Refused.class));
    assertEquals(new Refused(2, "another cluster"), one.heard().next(Refused.class));
    two.heard().refuseWith(null);
    assertEquals(2, one.heard().await(Connected.class).member());
    assertEquals(List.of(), one.heard().waiting());
  }

  @Test
  void whoDialsMayRefuseTheAnswer() {
    TransportHost one = listening(1);
    TransportHost two = listening(2);
    one.heard().refuseWith("another incarnation");
    one.link().connect(2, addressOf(two.link()));
    assertEquals(new Refused(2, "another incarnation"), one.heard().next(Refused.class));
  }

  @Test
  void anotherMemberThanTheOneDialledIsRefusedByName() {
    TransportHost one = listening(1);
    TransportHost three = listening(3);
    String address = addressOf(three.link());
    one.link().connect(2, address);
    String reason = one.heard().next(Refused.class).reason();
    assertTrue(
        reason.contains("dialled member 2 at " + address + " but member 3 answered"), reason);
  }

  @Test
  void aHostThatReachesItselfIsRefused() {
    TransportHost one = listening(1);
    one.link().connect(2, addressOf(one.link()));
    String reason = one.heard().next(Refused.class).reason();
    assertTrue(reason.contains("reached this very host"), reason);
  }

  @Test
  void framesOfAllSizesArriveIntactAndInOrder() {
    TransportHost one = listening(1);
    TransportHost two = listening(2);
    connect(one, 2, two);
    Random random = new Random(1);
    List<Integer> sizes =
        List.of(0, 1, 256 << 10, 0, Transport.FRAME_BYTES_MAX, 5, Transport.FRAME_BYTES_MAX, 1);
    for (int i = 0; i < sizes.size(); i++) {
      byte[] bytes = bytes(random, sizes.get(i));
      int headerLength = Math.min(bytes.length, 17 * i);
      int middle = headerLength + (bytes.length - headerLength) / 3;
      ByteBuffer header = ByteBuffer.wrap(bytes, 0, headerLength);
      Payload left = Payload.of(ByteBuffer.wrap(bytes, headerLength, middle - headerLength));
      Payload right = Payload.of(ByteBuffer.wrap(bytes, middle, bytes.length - middle));
      one.send(2, i, header.duplicate(), List.of(left, right));
      Received frame = two.heard().next(Received.class);
      assertEquals(1, frame.from());
      assertEquals(i, frame.kind());
      assertEquals(header, frame.header());
      assertEquals(
          ByteBuffer.wrap(bytes, headerLength, bytes.length - headerLength), frame.values());
    }
  }

  @Test
  void manyFramesArriveInTheOrderOfTheirSending() {
    TransportHost one = listening(1);
    TransportHost two = listening(2);
    connect(one, 2, two);
    int frames = 10_000;
    Payload value = Payload.of(new byte[100]);
    one.inLoop(
        () -> {
          for (int i = 0; i < frames; i++) {
            ByteBuffer header = ByteBuffer.allocate(4).putInt(0, i);
            one.link().send(2, 7, header, List.of(value));
          }
        });
    for (int i = 0; i < frames; i++) {
      assertEquals(i, two.heard().next(Received.class).header().getInt(0));
    }
  }

  @Test
  void aFrameThatIsTooLongIsRefusedAtSendAndTheConnectionStays() {
    TransportHost one = listening(1);
    TransportHost two = listening(2);
    connect(one, 2, two);
    Payload value = Payload.of(new byte[Transport.FRAME_BYTES_MAX]);
    assertThrows(
        IllegalArgumentException.class,
        () -> one.send(2, 1, ByteBuffer.allocate(1), List.of(value)));
    assertThrows(
        IllegalArgumentException.class, () -> one.send(2, 127, ByteBuffer.allocate(1), List.of()));
    assertThrows(
        IllegalArgumentException.class, () -> one.send(2, -1, ByteBuffer.allocate(1), List.of()));
    one.send(2, 2, ByteBuffer.allocate(0), List.of(value));
    assertEquals(2, two.heard().next(Received.class).kind());
    assertEquals(List.of(), one.heard().waiting());
  }

  @Test
  void theConnectionComesBackWhenTheMemberRestartsAtItsAddress() {
    TransportHost one = listening(1);
    TransportHost two = listening(2);
    connect(one, 2, two);
    String address = addressOf(two.link());
    two.link().close();
    assertEquals(new Disconnected(2), one.heard().next(Disconnected.class));
    TransportHost again = open(2, address);
    Connected up = one.heard().next(Connected.class);
    assertEquals(again.heard().hostStart(), up.remote().hostStart());
    one.send(2, 3, ByteBuffer.allocate(1), List.of());
    assertEquals(3, again.heard().next(Received.class).kind());
    assertEquals(List.of(), two.heard().waiting());
  }

  @Test
  void aSecondConnectLeadsToTheNewAddress() {
    TransportHost one = listening(1);
    TransportHost two = listening(2);
    connect(one, 2, two);
    TransportHost moved = listening(2);
    one.link().connect(2, addressOf(moved.link()));
    assertEquals(new Disconnected(2), one.heard().next(Disconnected.class));
    Connected up = one.heard().next(Connected.class);
    assertEquals(moved.heard().hostStart(), up.remote().hostStart());
    assertEquals(new Disconnected(1), two.heard().next(Disconnected.class));
  }

  @Test
  void aMemberThatIsNotThereYetIsReachedOnceItListens() {
    TransportHost one = listening(1);
    TransportHost gone = listening(2);
    String address = addressOf(gone.link());
    gone.link().close();
    one.link().connect(2, address);
    TransportHost two = open(2, address);
    Connected up = one.heard().next(Connected.class);
    assertEquals(two.heard().hostStart(), up.remote().hostStart());
  }

  @Test
  void connectingAgainToTheSameAddressChangesNothing() {
    TransportHost one = listening(1);
    TransportHost two = listening(2);
    connect(one, 2, two);
    one.link().connect(2, addressOf(two.link()));
    one.send(2, 3, ByteBuffer.allocate(1), List.of());
    assertEquals(3, two.heard().next(Received.class).kind());
    assertEquals(List.of(), one.heard().waiting());
  }

  @Test
  void clientsAreAnsweredOnTheirOwnConnections() {
    TransportHost two = listening(2);
    two.heard()
        .onReceived(
            frame -> two.link().send(frame.from(), frame.kind() + 1, frame.header(), List.of()));
    Set<Integer> numbers = new HashSet<>();
    for (int i = 0; i < 3; i++) {
      TransportHost client = open(0, null);
      assertEquals(0, client.link().port());
      connect(client, 2, two);
      client.send(2, 10 * i, ByteBuffer.allocate(4).putInt(0, i), List.of());
      Received answer = client.heard().next(Received.class);
      assertEquals(2, answer.from());
      assertEquals(10 * i + 1, answer.kind());
      assertEquals(i, answer.header().getInt(0));
      int number = two.heard().next(Received.class).from();
      assertTrue(number < 0);
      assertTrue(numbers.add(number), "a client's number is used once");
      client.link().close();
      assertEquals(new Disconnected(number), two.heard().next(Disconnected.class));
      two.inLoop(() -> two.link().send(number, 1, ByteBuffer.allocate(1), List.of()));
    }
  }

  @Test
  void whatIsSentWithoutAConnectionIsLost() {
    TransportHost one = listening(1);
    TransportHost two = listening(2);
    one.send(2, 1, ByteBuffer.allocate(1), List.of());
    one.send(-5, 1, ByteBuffer.allocate(1), List.of());
    connect(one, 2, two);
    one.send(2, 2, ByteBuffer.allocate(1), List.of());
    assertEquals(2, two.heard().next(Received.class).kind());
  }

  @Test
  void aListenerThatFailsLosesTheConnection() {
    TransportHost one = listening(1);
    TransportHost two = listening(2);
    two.heard()
        .onReceived(
            frame -> {
              throw new IllegalStateException("on purpose, for the contract");
            });
    connect(one, 2, two);
    one.send(2, 1, ByteBuffer.allocate(1), List.of());
    assertEquals(new Disconnected(2), one.heard().next(Disconnected.class));
    assertEquals(new Disconnected(1), two.heard().next(Disconnected.class));
    one.heard().next(Connected.class);
  }

  @Test
  void closingEndsAllAndIsHeardByTheOthersOnly() {
    TransportHost one = listening(1);
    TransportHost two = listening(2);
    connect(one, 2, two);
    connect(two, 1, one);
    two.link().close();
    two.link().close();
    one.heard().next(Disconnected.class);
    one.heard().next(Disconnected.class);
    assertEquals(List.of(), two.heard().waiting());
    CompletableFuture<Boolean> late = new CompletableFuture<>();
    two.link().loop(0).execute(() -> late.complete(true));
    two.link().loop(0).schedule(0, () -> late.complete(true)).cancel();
    two.link().connect(1, addressOf(one.link()));
    assertFalse(late.isDone());
    assertEquals(List.of(), one.heard().waiting());
  }

  @Test
  void anAddressInUseIsNamedWithTheRemedy() {
    TransportHost one = listening(1);
    String address = addressOf(one.link());
    TransportException refused = assertThrows(TransportException.class, () -> open(2, address));
    assertTrue(String.valueOf(refused.getMessage()).contains(address + ": the address is in use"));
    one.link().close();
    assertNotEquals(0, open(1, address).link().port());
  }

  @Test
  void noThreadIsLeft() throws InterruptedException {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    TransportHost one = listening(1);
    TransportHost two = listening(2);
    connect(one, 2, two);
    one.link().connect(3, "nobody.invalid:7003");
    one.link().close();
    two.link().close();
    assertThrows(TransportException.class, () -> openTwice(2));
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (!before.contains(thread)) {
        thread.join(TimeUnit.SECONDS.toMillis(LIMIT_SECONDS));
        assertFalse(thread.isAlive(), () -> thread + " is left");
      }
    }
  }

  private void openTwice(int member) {
    try (Transport.Link first = transport().open(anyAddress(), new RecordingListener(member))) {
      transport().open(addressOf(first), new RecordingListener(member)).close();
    }
  }

  private static byte[] bytes(Random random, int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return bytes;
  }
}

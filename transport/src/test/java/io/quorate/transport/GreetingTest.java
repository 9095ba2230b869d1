package io.quorate.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quorate.spi.Transport.Hello;
import io.quorate.spi.Transport.Position;
import io.quorate.testkit.contract.RecordingListener;
import io.quorate.transport.wire.WireGreeting;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What is said first, and who is refused for it. */
class GreetingTest {
  private static final Hello FORMED =
      new Hello(
          new UUID(1, -2),
          List.of(1, 2, 3),
          1,
          2,
          -9,
          new Position(-7, 1L << 40),
          new Position(Long.MIN_VALUE, Long.MAX_VALUE));
  private static final Hello CLIENT = new Hello(null, List.of(), 0, 2, Long.MAX_VALUE);

  private final RecordingListener listener = new RecordingListener(2);

  @Test
  void aGreetingSurvivesTheWire() {
    for (Greeting greeting :
        List.of(
            Greeting.of(FORMED),
            Greeting.of(CLIENT),
            Greeting.forBulk(FORMED),
            Greeting.refusing(FORMED, "no"))) {
      assertEquals(greeting, GreetingCodec.decode(ByteBuffer.wrap(GreetingCodec.encode(greeting))));
    }
  }

  @Test
  void aGreetingOfNegativeMembersOrATornClusterIdIsRefused() {
    byte[] negative = WireGreeting.newBuilder().setMember(-1).build().toByteArray();
    assertThrows(BadFrameException.class, () -> GreetingCodec.decode(ByteBuffer.wrap(negative)));
    byte[] torn =
        WireGreeting.newBuilder()
            .setClusterId(com.google.protobuf.ByteString.copyFrom(new byte[15]))
            .build()
            .toByteArray();
    assertThrows(BadFrameException.class, () -> GreetingCodec.decode(ByteBuffer.wrap(torn)));
  }

  @Test
  void theReasonThatTheOtherSideTellsIsTheReason() {
    Hello answer = new Hello(null, List.of(1, 2, 3), 2, 0, 5);
    Greeting refusal = Greeting.refusing(answer, "another cluster");
    assertEquals("another cluster", refusal.refuseAnswer(FORMED, "b:7002", listener));
    assertNull(Greeting.of(answer).refuseAnswer(FORMED, "b:7002", listener));
  }

  @Test
  void whoDialsSaysWhereTheWrongMemberAnswered() {
    Greeting answer = Greeting.refusing(new Hello(null, List.of(), 3, 0, 5), "some other reason");
    assertEquals(
        "dialled member 2 at b:7002 but member 3 answered; correct the address",
        answer.refuseAnswer(FORMED, "b:7002", listener));
  }

  @Test
  void aClientHasNoConnectionForBulk() {
    Hello mine = new Hello(null, List.of(1, 2, 3), 2, 0, 5);
    assertEquals(
        "a client has no connection for bulk; only members have",
        Greeting.forBulk(CLIENT).refuseDialler(mine, listener));
    assertNull(Greeting.forBulk(FORMED).refuseDialler(mine, listener));
  }

  @Test
  void aClientIsAcceptedByTheMemberThatItMeans() {
    Hello mine = new Hello(null, List.of(1, 2, 3), 2, 0, 5);
    assertNull(Greeting.of(CLIENT).refuseDialler(mine, listener));
    assertEquals(
        "member 2 was dialled but this is member 3",
        Greeting.of(CLIENT).refuseDialler(new Hello(null, List.of(), 3, 0, 5), listener));
  }
}

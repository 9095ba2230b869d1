package io.quorate.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.spi.Loop;
import io.quorate.spi.Payload;
import io.quorate.spi.Transport;
import io.quorate.testkit.contract.RecordingListener.Disconnected;
import io.quorate.testkit.contract.RecordingListener.Received;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What every transport keeps of bulk. */
abstract class BulkContract extends LoopContract {
  private static final int BULK = Transport.BULK_KIND;

  @Test
  void bulkArrivesInTheOrderOfItsSending() {
    TransportHost one = listening(1);
    TransportHost two = listening(2);
    connect(one, 2, two);
    sendBulk(one, 1_000, 1_000);
    for (int i = 0; i < 1_000; i++) {
      Received frame = two.heard().next(Received.class);
      assertEquals(1, frame.from());
      assertEquals(BULK, frame.kind());
      assertEquals(i, frame.header().getInt(0));
      assertEquals(1_000, frame.values().remaining());
    }
    assertEquals(List.of(), one.heard().waiting(), "a connection for bulk is not told of");
  }

  @Test
  void bulkStandsInNobodysWay() {
    TransportHost one = listening(1);
    TransportHost two = listening(2);
    connect(one, 2, two);
    sendBulk(one, 1, 0);
    two.heard().next(Received.class);
    int frames = 48;
    CompletableFuture<Boolean> sent = new CompletableFuture<>();
    two.link().loop(0).execute(() -> assertTrue(TransportHost.await(sent)));
    one.inLoop(
        () -> {
          sendBulk(one, frames, 1 << 20);
          one.link().send(2, 1, ByteBuffer.allocate(1), List.of());
        });
    sent.complete(true);
    List<Integer> kinds = new ArrayList<>();
    for (int i = 0; i <= frames; i++) {
      kinds.add(two.heard().next(Received.class).kind());
    }
    assertTrue(kinds.indexOf(1) < frames, "it was sent last, and came last: " + kinds);
  }

  @Test
  void lostBulkIsNoLostMember() {
    TransportHost one = listening(1);
    TransportHost two = listening(2);
    connect(one, 2, two);
    two.heard()
        .onReceived(
            frame -> {
              if (frame.kind() == BULK) {
                two.heard().onReceived(later -> {});
                throw new IllegalStateException("on purpose, for the contract");
              }
            });
    sendBulk(one, 1, 0);
    bulkUntilItArrives(one, two);
    one.send(2, 1, ByteBuffer.allocate(1), List.of());
    assertEquals(1, nextBeside(two, BULK).kind());
    assertEquals(List.of(), one.heard().waiting());
  }

  @Test
  void whoRefusesBulkIsStillThere() {
    TransportHost one = listening(1);
    TransportHost two = listening(2);
    connect(one, 2, two);
    two.heard().nextHello();
    two.heard().refuseWith("not now");
    sendBulk(one, 1, 0);
    two.heard().nextHello();
    one.send(2, 1, ByteBuffer.allocate(1), List.of());
    assertEquals(1, two.heard().next(Received.class).kind());
    two.heard().refuseWith(null);
    bulkUntilItArrives(one, two);
    assertEquals(List.of(), one.heard().waiting());
  }

  @Test
  void bulkFollowsTheMemberToItsNewAddress() {
    TransportHost one = listening(1);
    TransportHost two = listening(2);
    connect(one, 2, two);
    sendBulk(one, 1, 0);
    two.heard().next(Received.class);
    TransportHost moved = listening(2);
    connect(one, 2, moved);
    bulkUntilItArrives(one, moved);
    assertEquals(new Disconnected(1), two.heard().next(Disconnected.class));
    assertEquals(List.of(), two.heard().waiting());
  }

  @Test
  void bulkForAClientGoesOverItsOnlyConnection() {
    TransportHost two = listening(2);
    two.heard().onReceived(frame -> two.link().send(frame.from(), BULK, frame.header(), List.of()));
    TransportHost client = open(0, null);
    connect(client, 2, two);
    client.send(2, 1, ByteBuffer.allocate(4), List.of());
    assertEquals(BULK, client.heard().next(Received.class).kind());
  }

  /** So many frames, numbered, in one turn of the loop. */
  private static void sendBulk(TransportHost from, int frames, int bytes) {
    Payload value = Payload.of(new byte[bytes]);
    Runnable all =
        () -> {
          for (int i = 0; i < frames; i++) {
            ByteBuffer header = ByteBuffer.allocate(4).putInt(0, i);
            from.link().send(2, BULK, header, List.of(value));
          }
        };
    if (from.link().loop(0).inLoop()) {
      all.run();
    } else {
      from.inLoop(all);
    }
  }

  /** Sends it again and again: it may be lost until the connection for it is there anew. */
  private static void bulkUntilItArrives(TransportHost from, TransportHost to) {
    AtomicBoolean arrived = new AtomicBoolean();
    Loop loop = from.link().loop(0);
    Runnable again =
        new Runnable() {
          @Override
          public void run() {
            if (!arrived.get()) {
              sendBulk(from, 1, 0);
              loop.schedule(TimeUnit.MILLISECONDS.toNanos(5), this);
            }
          }
        };
    loop.execute(again);
    assertEquals(BULK, to.heard().next(Received.class).kind());
    arrived.set(true);
  }

  private static Received nextBeside(TransportHost host, int kind) {
    Received frame = host.heard().next(Received.class);
    while (frame.kind() == kind) {
      frame = host.heard().next(Received.class);
    }
    return frame;
  }
}

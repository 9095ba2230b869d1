package io.quorate.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.spi.Loop;
import io.quorate.testkit.contract.RecordingListener.Received;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What the {@link Loop} of every transport keeps. */
abstract class LoopContract extends TransportHosts {
  @Test
  void aLoopRunsTasksInOrderAndOnItsOwnThread() {
    TransportHost one = listening(1);
    Loop loop = one.link().loop(0);
    assertFalse(loop.inLoop());
    List<Integer> ran = new CopyOnWriteArrayList<>();
    for (int i = 0; i < 100; i++) {
      int number = i;
      loop.execute(() -> ran.add(number));
    }
    one.inLoop(
        () -> {
          assertTrue(loop.inLoop());
          loop.execute(() -> ran.add(101));
          ran.add(100);
        });
    one.inLoop(() -> {});
    assertEquals(102, ran.size());
    for (int i = 0; i < ran.size(); i++) {
      assertEquals(i, ran.get(i));
    }
  }

  @Test
  void aScheduledTaskRunsInItsTimeUnlessItIsCancelled() {
    TransportHost one = listening(1);
    Loop loop = one.link().loop(0);
    List<String> ran = new CopyOnWriteArrayList<>();
    CompletableFuture<Long> done = new CompletableFuture<>();
    long start = loop.nanoTime();
    loop.schedule(TimeUnit.MILLISECONDS.toNanos(40), () -> done.complete(loop.nanoTime()));
    loop.schedule(TimeUnit.MILLISECONDS.toNanos(20), () -> ran.add("second"));
    loop.schedule(TimeUnit.MILLISECONDS.toNanos(10), () -> ran.add("first"));
    Loop.Scheduled cancelled =
        loop.schedule(TimeUnit.MILLISECONDS.toNanos(15), () -> ran.add("cancelled"));
    cancelled.cancel();
    assertTrue(TransportHost.await(done) - start >= TimeUnit.MILLISECONDS.toNanos(40));
    assertEquals(List.of("first", "second"), ran);
    cancelled.cancel();
  }

  @Test
  void aLoopThatNeverRestsStillMovesFrames() {
    TransportHost one = listening(1);
    TransportHost two = listening(2);
    connect(one, 2, two);
    connect(two, 1, one);
    AtomicBoolean busy = new AtomicBoolean(true);
    Loop loop = two.link().loop(0);
    Runnable restless =
        new Runnable() {
          @Override
          public void run() {
            if (busy.get()) {
              loop.execute(this);
            }
          }
        };
    two.heard().onReceived(frame -> two.link().send(1, frame.kind(), frame.header(), List.of()));
    loop.execute(restless);
    long start = System.nanoTime();
    for (int i = 0; i < 100; i++) {
      one.send(2, 1, ByteBuffer.allocate(1), List.of());
      one.heard().next(Received.class);
    }
    busy.set(false);
    long tookSeconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
    assertTrue(tookSeconds < LIMIT_SECONDS, "100 round trips took " + tookSeconds + " s");
  }

  @Test
  void aLoopMayNotCloseItsLinkAndOnlyALoopMaySend() {
    TransportHost one = listening(1);
    assertThrows(IllegalStateException.class, () -> one.inLoop(() -> one.link().close()));
    assertThrows(
        IllegalStateException.class,
        () -> one.link().send(2, 1, ByteBuffer.allocate(0), List.of()));
  }
}

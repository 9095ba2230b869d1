package io.quorate.transport;

import io.quorate.spi.Payload;
import io.quorate.spi.Transport;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One direction of a line within the JVM: hands over to the loop of the connection at the far end.
 */
final class MemoryLine implements Line {
  private static final long PENDING_BYTES_MAX = 64 << 20;

  private final MemoryLoop farLoop;
  private final Connection far;
  private final AtomicLong pendingBytes = new AtomicLong();
  private final Queue<Runnable> bulk = new ConcurrentLinkedQueue<>();
  private final AtomicInteger bulkWaiting = new AtomicInteger();

  MemoryLine(MemoryLoop farLoop, Connection far) {
    this.farLoop = farLoop;
    this.far = far;
  }

  @Override
  public void greet(Greeting greeting) {
    farLoop.execute(() -> far.greeting(greeting));
  }

  @Override
  public boolean send(int kind, ByteBuffer header, List<Payload> values) {
    long bytes = Frame.bytes(header, values);
    if (pendingBytes.get() + bytes > PENDING_BYTES_MAX) {
      return false;
    }
    ByteBuffer ownHeader = header.slice();
    ByteBuffer together = together(values);
    pendingBytes.addAndGet(bytes);
    Runnable arrival =
        () -> {
          pendingBytes.addAndGet(-bytes);
          far.frame(kind, ownHeader, together);
        };
    if (kind < Transport.BULK_KIND) {
      farLoop.execute(arrival);
    } else {
      bulk.add(arrival);
      if (bulkWaiting.getAndIncrement() == 0) {
        farLoop.execute(this::nextOfBulk);
      }
    }
    return true;
  }

  /** One frame of bulk at a time: whatever else has come meanwhile goes before the next one. */
  private void nextOfBulk() {
    Runnable arrival = bulk.remove();
    if (bulkWaiting.decrementAndGet() > 0) {
      farLoop.execute(this::nextOfBulk);
    }
    arrival.run();
  }

  @Override
  public void close() {
    farLoop.execute(() -> far.broken("the other side closed the connection"));
  }

  private static ByteBuffer together(List<Payload> values) {
    if (values.size() == 1) {
      return values.get(0).buffer().slice();
    }
    int bytes = 0;
    for (Payload value : values) {
      bytes += value.length();
    }
    ByteBuffer all = ByteBuffer.allocate(bytes);
    for (Payload value : values) {
      all.put(value.buffer());
    }
    return all.flip();
  }
}

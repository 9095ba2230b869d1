package io.quorate.transport;

import io.quorate.spi.Payload;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One direction of a line within the JVM: hands over to the loop of the connection at the far end.
 */
final class MemoryLine implements Line {
  private static final long PENDING_BYTES_MAX = 64 << 20;

  private final MemoryLoop farLoop;
  private final Connection far;
  private final AtomicLong pendingBytes = new AtomicLong();

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
    farLoop.execute(
        () -> {
          pendingBytes.addAndGet(-bytes);
          far.frame(kind, ownHeader, together);
        });
    return true;
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

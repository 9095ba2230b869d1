package io.quorate.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quorate.spi.Loop;
import io.quorate.spi.Payload;
import io.quorate.spi.Transport;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The frames of a turn: one for each member, and several only where they are large. */
class OutboxTest {
  private final List<String> sent = new ArrayList<>();
  private final Outbox outbox = new Outbox(new Recording(), () -> 7);

  @Test
  void theMessagesOfATurnToOneMemberShareAFrame() {
    add(2, 100);
    add(3, 100);
    add(2, 200);
    assertEquals(List.of(), sent);
    outbox.flush();
    assertEquals(List.of("2: 100 200", "3: 100"), sent);
    outbox.flush();
    assertEquals(2, sent.size());
  }

  @Test
  void aFullBatchHasAFrameToItself() {
    int full = Batch.BYTES_MAX;
    add(2, full);
    add(2, 0);
    add(2, full);
    assertEquals(List.of("2: " + full + " 0"), List.copyOf(sent));
    outbox.flush();
    assertEquals(List.of("2: " + full + " 0", "2: " + full), sent);
  }

  @Test
  void aMessageThatIsLargerThanAFrameIsToBeTravelsAlone() {
    int large = 1 << 20;
    add(2, large);
    add(2, large);
    outbox.flush();
    assertEquals(List.of("2: " + large, "2: " + large), sent);
  }

  private void add(int to, int bytes) {
    outbox.add(to, 1, 1, 1, new byte[] {1}, List.of(Payload.of(new byte[bytes])));
  }

  private final class Recording implements Transport.Link {
    @Override
    public int loops() {
      return 1;
    }

    @Override
    public Loop loop(int number) {
      throw new AssertionError("the loop is not asked for");
    }

    @Override
    public void connect(int member, String address) {}

    @Override
    public void send(int to, int kind, ByteBuffer header, List<Payload> values) {
      StringBuilder frame = new StringBuilder(to + ":");
      values.forEach(value -> frame.append(' ').append(value.length()));
      sent.add(frame.toString());
    }

    @Override
    public int port() {
      return 0;
    }

    @Override
    public void close() {}
  }
}

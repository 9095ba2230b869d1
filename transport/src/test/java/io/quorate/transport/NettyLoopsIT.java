package io.quorate.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.spi.Payload;
import io.quorate.spi.Transport;
import io.quorate.testkit.contract.RecordingListener;
import io.quorate.testkit.contract.RecordingListener.Connected;
import io.quorate.testkit.contract.RecordingListener.Disconnected;
import io.quorate.testkit.contract.RecordingListener.Received;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * What the transport over TCP has beyond the contract: several loops, and a bound on what waits.
 */
class NettyLoopsIT {
  @Test
  void eachLoopHasItsOwnConnection() {
    RecordingListener oneHeard = new RecordingListener(1);
    RecordingListener twoHeard = new RecordingListener(2);
    try (Transport.Link one = NettyTransport.create().loops(3).open("localhost:0", oneHeard);
        Transport.Link two = NettyTransport.create().open("localhost:0", twoHeard)) {
      one.connect(2, "localhost:" + two.port());
      for (int i = 0; i < 3; i++) {
        oneHeard.next(Connected.class);
      }
      Set<Integer> kinds = new HashSet<>();
      for (int i = 0; i < one.loops(); i++) {
        int kind = i;
        one.loop(i).execute(() -> one.send(2, kind, ByteBuffer.allocate(1), List.of()));
        kinds.add(twoHeard.next(Received.class).kind());
      }
      assertEquals(Set.of(0, 1, 2), kinds);
    }
  }

  @Test
  void framesForAClientThatDoesNotReadAreDroppedAtTheBound() throws IOException {
    NettyTransport transport = NettyTransport.create().pendingBytesMax(8 << 20);
    RecordingListener heard = new RecordingListener(2);
    try (Transport.Link link = transport.open("localhost:0", heard)) {
      int client;
      try (Socket deaf = new Socket("localhost", link.port())) {
        Transport.Hello hello = new Transport.Hello(null, List.of(), 0, 2, 9);
        byte[] greeting = GreetingCodec.encode(Greeting.of(hello));
        deaf.getOutputStream().write(prefixed(Frame.KIND_GREETING, greeting));
        deaf.getOutputStream().write(prefixed(1, new byte[1]));
        client = heard.next(Received.class).from();
        send64Mebibytes(link, client);
        long dropped = transport.framesDropped();
        assertTrue(dropped >= 20 && dropped < 64, dropped + " of 64 were dropped");
      }
      assertEquals(new Disconnected(client), heard.next(Disconnected.class));
    }
  }

  private static void send64Mebibytes(Transport.Link link, int to) {
    Payload mebibyte = Payload.of(new byte[1 << 20]);
    CompletableFuture<Boolean> sent = new CompletableFuture<>();
    link.loop(0)
        .execute(
            () -> {
              for (int i = 0; i < 64; i++) {
                link.send(to, 1, ByteBuffer.allocate(0), List.of(mebibyte));
              }
              sent.complete(true);
            });
    assertTrue(sent.orTimeout(10, TimeUnit.SECONDS).join());
  }

  private static byte[] prefixed(int kind, byte[] header) {
    return ByteBuffer.allocate(Frame.PREFIX_BYTES + header.length)
        .putInt(Frame.LENGTH_EXTRA + header.length)
        .put((byte) kind)
        .putInt(header.length)
        .put(header)
        .array();
  }
}

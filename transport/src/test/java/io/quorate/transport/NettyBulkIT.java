package io.quorate.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.spi.Payload;
import io.quorate.spi.Transport;
import io.quorate.spi.Transport.Hello;
import io.quorate.testkit.contract.RecordingListener;
import io.quorate.testkit.contract.RecordingListener.Connected;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A member over TCP that reads all but bulk. */
class NettyBulkIT {
  private static final Hello MEMBER = new Hello(null, List.of(1, 2, 3), 2, 0, 9);

  @Test
  void bulkThatIsNotReadIsDroppedAtTheBoundAndTheRestPasses() throws IOException {
    NettyTransport transport = NettyTransport.create().pendingBytesMax(8 << 20);
    RecordingListener heard = new RecordingListener(1);
    try (ServerSocket member = new ServerSocket(0);
        Transport.Link link = transport.open("localhost:0", heard)) {
      member.setSoTimeout(10_000);
      link.connect(2, "localhost:" + member.getLocalPort());
      try (Socket first = accept(member, false)) {
        heard.next(Connected.class);
        send(link, Transport.BULK_KIND, 1, 0);
        try (Socket deaf = accept(member, true)) {
          assertEquals(Transport.BULK_KIND, kindOfNext(deaf));
          send(link, Transport.BULK_KIND, 64, 1 << 20);
          send(link, 5, 1, 1);
          assertEquals(5, kindOfNext(first));
          long dropped = transport.framesDropped();
          assertTrue(dropped >= 20 && dropped < 64, dropped + " of 64 were dropped");
          assertEquals(List.of(), heard.waiting());
        }
      }
    }
  }

  /** Answers the hello of who has dialled. */
  private static Socket accept(ServerSocket member, boolean bulk) throws IOException {
    Socket socket = member.accept();
    socket.setSoTimeout(10_000);
    DataInputStream in = new DataInputStream(socket.getInputStream());
    byte[] hello = new byte[in.readInt() - Frame.LENGTH_EXTRA];
    assertEquals(Frame.KIND_GREETING, in.readByte());
    assertEquals(hello.length, in.readInt());
    in.readFully(hello);
    assertEquals(bulk, GreetingCodec.decode(ByteBuffer.wrap(hello)).bulk());
    byte[] answer = GreetingCodec.encode(Greeting.of(MEMBER));
    ByteBuffer frame = ByteBuffer.allocate(Frame.PREFIX_BYTES + answer.length);
    frame.putInt(Frame.LENGTH_EXTRA + answer.length).put((byte) Frame.KIND_GREETING);
    socket.getOutputStream().write(frame.putInt(answer.length).put(answer).array());
    return socket;
  }

  private static int kindOfNext(Socket socket) throws IOException {
    DataInputStream in = new DataInputStream(socket.getInputStream());
    int length = in.readInt();
    int kind = in.readByte();
    in.readFully(new byte[length - 1]);
    return kind;
  }

  private static void send(Transport.Link link, int kind, int frames, int bytes) {
    Payload value = Payload.of(new byte[bytes]);
    link.loop(0)
        .execute(
            () -> {
              for (int i = 0; i < frames; i++) {
                link.send(2, kind, ByteBuffer.allocate(0), List.of(value));
              }
            });
  }
}

package io.quorate.transport;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.spi.Transport.Hello;
import io.quorate.spi.Transport.Position;
import io.quorate.transport.wire.WireGreeting;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A greeting as bytes, and back. */
final class GreetingCodec {
  private static final int CLUSTER_ID_BYTES = 16;

  private GreetingCodec() {}

  static byte[] encode(Greeting greeting) {
    Hello hello = greeting.hello();
    WireGreeting.Builder wire =
        WireGreeting.newBuilder()
            .setVersion(greeting.version())
            .addAllFounding(hello.founding())
            .setMember(hello.member())
            .setTarget(hello.target())
            .setHostStart(hello.hostStart())
            .setIncarnation(hello.own().incarnation())
            .setDurable(hello.own().durable())
            .setKnownIncarnation(hello.known().incarnation())
            .setKnownDurable(hello.known().durable())
            .setFrameBytesMax(greeting.frameBytesMax())
            .setBulk(greeting.bulk());
    UUID clusterId = hello.clusterId();
    if (clusterId != null) {
      wire.setClusterId(bytes(clusterId));
    }
    String refused = greeting.refused();
    if (refused != null) {
      wire.setRefused(refused);
    }
    return wire.build().toByteArray();
  }

  /**
   * The reverse of {@link #encode}.
   *
   * @throws BadFrameException if the bytes are no greeting
   */
  static Greeting decode(ByteBuffer bytes) {
    WireGreeting wire;
    try {
      wire = WireGreeting.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new BadFrameException("its hello cannot be read: " + e.getMessage());
    }
    if (wire.getMember() < 0 || wire.getTarget() < 0) {
      throw new BadFrameException("its hello names a negative member");
    }
    Hello hello =
        new Hello(
            clusterId(wire.getClusterId()),
            List.copyOf(wire.getFoundingList()),
            wire.getMember(),
            wire.getTarget(),
            wire.getHostStart(),
            new Position(wire.getIncarnation(), wire.getDurable()),
            new Position(wire.getKnownIncarnation(), wire.getKnownDurable()));
    String refused = wire.getRefused().isEmpty() ? null : wire.getRefused();
    return new Greeting(wire.getVersion(), hello, wire.getFrameBytesMax(), wire.getBulk(), refused);
  }

  private static ByteString bytes(UUID id) {
    ByteBuffer bytes = ByteBuffer.allocate(CLUSTER_ID_BYTES);
    bytes.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits()).flip();
    return ByteString.copyFrom(bytes);
  }

  private static @Nullable UUID clusterId(ByteString bytes) {
    if (bytes.isEmpty()) {
      return null;
    }
    if (bytes.size() != CLUSTER_ID_BYTES) {
      throw new BadFrameException("its cluster id has " + bytes.size() + " bytes");
    }
    ByteBuffer buffer = bytes.asReadOnlyByteBuffer();
    return new UUID(buffer.getLong(), buffer.getLong());
  }
}

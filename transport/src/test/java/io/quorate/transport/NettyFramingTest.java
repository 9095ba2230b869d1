package io.quorate.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.quorate.spi.Payload;
import io.quorate.spi.Transport;
import io.quorate.spi.Transport.Hello;
import io.quorate.testkit.contract.RecordingListener;
import io.quorate.testkit.contract.RecordingListener.Disconnected;
import io.quorate.testkit.contract.RecordingListener.Event;
import io.quorate.testkit.contract.RecordingListener.Received;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bytes on the wire, without a wire: member 1 dials member 2, which is under test. */
class NettyFramingTest {
  private static final Hello DIALLER = new Hello(null, List.of(1, 2), 1, 2, 77);

  private RecordingListener heard = new RecordingListener(2);
  private EmbeddedChannel channel = new EmbeddedChannel();

  @BeforeEach
  void open() {
    heard = new RecordingListener(2);
    channel = new EmbeddedChannel();
    channel.freezeTime();
    NettyLoop loop = new NettyLoop(channel.eventLoop());
    Network nowhere = (address, end) -> end.broken("no network in this test");
    Station station = new Station(loop, heard, nowhere, new AtomicInteger(), true);
    Accepted end = new Accepted(station, "the test");
    LongAdder dropped = new LongAdder();
    channel
        .pipeline()
        .addLast(new NettyLine(end, line -> station.accept(end, line), 64 << 20, dropped));
    channel.pipeline().fireChannelActive();
  }

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  @Test
  void aFrameIsLengthKindHeaderLengthHeaderValues() {
    ByteBuf frame =
        Frame.encode(
            channel.alloc(),
            3,
            ByteBuffer.wrap(new byte[] {10, 11}),
            List.of(Payload.of(new byte[] {20}), Payload.of(new byte[] {30, 31})),
            5);
    byte[] expected = {0, 0, 0, 10, 3, 0, 0, 0, 2, 10, 11, 20, 30, 31};
    assertArrayEquals(expected, ByteBufUtil.getBytes(frame));
    frame.release();
  }

  @Test
  void aStreamMayBeCutAnywhere() {
    byte[] stream = stream();
    for (int cut = 0; cut <= stream.length; cut++) {
      close();
      open();
      channel.writeInbound(Unpooled.copiedBuffer(stream, 0, cut));
      channel.writeInbound(Unpooled.copiedBuffer(stream, cut, stream.length - cut));
      assertFrames();
    }
  }

  @Test
  void aStreamMayComeByteByByte() {
    for (byte one : stream()) {
      channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {one}));
    }
    assertFrames();
  }

  @Test
  void severalFramesMayComeInOneRead() {
    channel.writeInbound(Unpooled.wrappedBuffer(stream()));
    assertFrames();
  }

  @Test
  void headerAndValuesAreSlicesOfOneArrayOfTheirSize() {
    greet();
    channel.writeInbound(frame(5, 3, 7));
    Received frame = heard.next(Received.class);
    assertSame(frame.header().array(), frame.values().array());
    assertEquals(10, frame.header().array().length);
    assertEquals(0, frame.header().position());
    assertEquals(3, frame.header().remaining());
    assertEquals(7, frame.values().remaining());
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        Integer.MIN_VALUE,
        -1,
        0,
        4,
        Transport.FRAME_BYTES_MAX + 6,
        Integer.MAX_VALUE - 8,
        Integer.MAX_VALUE
      })
  void aBadLengthClosesTheConnectionBeforeAnythingElseHasCome(int length) {
    greet();
    channel.writeInbound(Unpooled.buffer().writeInt(length));
    assertFalse(channel.isOpen());
    assertEquals(List.of(new Disconnected(1)), heard.waiting());
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 6, Integer.MAX_VALUE, Integer.MIN_VALUE})
  void aHeaderThatDoesNotFitItsFrameClosesTheConnection(int headerLength) {
    greet();
    channel.writeInbound(Unpooled.buffer().writeInt(10).writeByte(1).writeInt(headerLength));
    assertFalse(channel.isOpen());
    assertEquals(List.of(new Disconnected(1)), heard.waiting());
  }

  @Test
  void aNegativeKindClosesTheConnection() {
    greet();
    channel.writeInbound(Unpooled.buffer().writeInt(5).writeByte(-1).writeInt(0));
    assertFalse(channel.isOpen());
  }

  @Test
  void aReaderAllocatesNothingForALengthBeyondItsLimit() {
    FrameReader reader = new FrameReader(100);
    ByteBuf tooLong = Unpooled.buffer().writeInt(100 + Frame.LENGTH_EXTRA + 1);
    List<Integer> kinds = new ArrayList<>();
    assertThrows(
        BadFrameException.class,
        () -> reader.read(tooLong, (kind, header, values) -> kinds.add(kind)));
    assertEquals(List.of(), kinds);
  }

  @Test
  void strangersGetLittleMemoryBeforeTheirHello() {
    int length = NettyLine.GREETING_BYTES_MAX + Frame.LENGTH_EXTRA + 1;
    channel.writeInbound(Unpooled.buffer().writeInt(length));
    assertFalse(channel.isOpen());
  }

  @Test
  void dataBeforeTheHelloClosesTheConnection() {
    channel.writeInbound(frame(1, 0, 0));
    assertFalse(channel.isOpen());
    assertEquals(List.of(), heard.waiting());
  }

  @Test
  void aSecondHelloClosesTheConnection() {
    greet();
    channel.writeInbound(hello(DIALLER));
    assertFalse(channel.isOpen());
    assertEquals(List.of(new Disconnected(1)), heard.waiting());
  }

  @Test
  void aConnectionForBulkCarriesNothingElse() {
    channel.writeInbound(hello(Greeting.forBulk(DIALLER)));
    assertNull(answer().refused());
    channel.writeInbound(frame(Transport.BULK_KIND, 1, 1));
    assertEquals(Transport.BULK_KIND, heard.next(Received.class).kind());
    channel.writeInbound(frame(Transport.BULK_KIND - 1, 1, 1));
    assertFalse(channel.isOpen());
    assertEquals(List.of(), heard.waiting(), "nor is the member told to be gone");
  }

  @Test
  void framesBehindAViolationAreNotDelivered() {
    greet();
    ByteBuf bad = Unpooled.buffer().writeInt(-1);
    channel.writeInbound(Unpooled.wrappedBuffer(frame(1, 1, 1), bad, frame(2, 1, 1)));
    assertEquals(1, heard.next(Received.class).kind());
    assertEquals(List.of(new Disconnected(1)), heard.waiting());
  }

  @Test
  void framesBehindARefusedHelloAreNotDelivered() {
    heard.refuseWith("another cluster");
    channel.writeInbound(Unpooled.wrappedBuffer(hello(DIALLER), frame(2, 1, 1)));
    assertEquals("another cluster", answer().refused());
    assertFalse(channel.isOpen());
    assertEquals(List.of(), heard.waiting());
  }

  @Test
  void aHelloThatCannotBeReadClosesTheConnection() {
    ByteBuf bytes = Unpooled.buffer().writeInt(8).writeByte(Frame.KIND_GREETING);
    channel.writeInbound(bytes.writeInt(3).writeByte(-1).writeByte(-1).writeByte(-1));
    assertFalse(channel.isOpen());
    assertNull(channel.readOutbound());
  }

  @Test
  void whoIsSilentForFiveSecondsIsClosed() {
    advance(4_999);
    assertTrue(channel.isOpen());
    advance(1);
    assertFalse(channel.isOpen());
  }

  @Test
  void whoHasSaidHelloMayBeSilent() {
    greet();
    advance(60_000);
    assertTrue(channel.isOpen());
  }

  @Test
  void anotherVersionIsRefusedByName() {
    Greeting newer = new Greeting(2, DIALLER, Transport.FRAME_BYTES_MAX, false, null);
    channel.writeInbound(hello(newer));
    String refused = String.valueOf(answer().refused());
    assertTrue(refused.contains("version 2 of the transport"), refused);
    assertFalse(channel.isOpen());
  }

  private void greet() {
    channel.writeInbound(hello(DIALLER));
    assertNull(answer().refused());
  }

  private Greeting answer() {
    ByteBuf out = channel.readOutbound();
    assertNotNull(out);
    List<Greeting> greetings = new ArrayList<>();
    new FrameReader(NettyLine.GREETING_BYTES_MAX)
        .read(out, (kind, header, values) -> greetings.add(GreetingCodec.decode(header)));
    out.release();
    return greetings.get(0);
  }

  private void advance(long millis) {
    channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
  }

  /** A hello and three frames. */
  private static byte[] stream() {
    ByteBuf all =
        Unpooled.wrappedBuffer(hello(DIALLER), frame(1, 0, 0), frame(2, 3, 4), frame(3, 0, 9));
    return ByteBufUtil.getBytes(all);
  }

  private void assertFrames() {
    List<Event> expected =
        List.of(
            new Received(1, 1, pattern(0), pattern(0)),
            new Received(1, 2, pattern(3), pattern(4)),
            new Received(1, 3, pattern(0), pattern(9)));
    assertEquals(expected, heard.waiting());
    assertTrue(channel.isOpen());
  }

  private static ByteBuf hello(Hello hello) {
    return hello(Greeting.of(hello));
  }

  private static ByteBuf hello(Greeting greeting) {
    byte[] bytes = GreetingCodec.encode(greeting);
    return Unpooled.buffer()
        .writeInt(bytes.length + Frame.LENGTH_EXTRA)
        .writeByte(Frame.KIND_GREETING)
        .writeInt(bytes.length)
        .writeBytes(bytes);
  }

  private static ByteBuf frame(int kind, int headerLength, int valuesLength) {
    return Unpooled.buffer()
        .writeInt(headerLength + valuesLength + Frame.LENGTH_EXTRA)
        .writeByte(kind)
        .writeInt(headerLength)
        .writeBytes(pattern(headerLength))
        .writeBytes(pattern(valuesLength));
  }

  private static ByteBuffer pattern(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i + length);
    }
    return ByteBuffer.wrap(bytes);
  }
}

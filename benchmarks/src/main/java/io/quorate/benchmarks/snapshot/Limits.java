package io.quorate.benchmarks.snapshot;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/** What the machine can do at most: a bare file, and a bare connection. */
final class Limits {
  private static final int STEP_BYTES = 1 << 20;
  private static final int ALIGNED = 4096;

  private Limits() {}

  /** Seconds for a new file of so many bytes, written past the page cache and forced once. */
  static double disk(Path directory, long bytes) throws IOException {
    Path file = directory.resolve("bare");
    ByteBuffer step = step();
    long begin = System.nanoTime();
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, direct())) {
      for (long left = bytes; left > 0; left -= STEP_BYTES) {
        step.rewind();
        while (step.hasRemaining()) {
          channel.write(step);
        }
      }
      channel.force(true);
      return seconds(begin);
    } finally {
      Files.delete(file);
    }
  }

  /** As the log is written (adr/0004); looked up by name, as the compiler warns of its module. */
  private static OpenOption direct() throws IOException {
    try {
      for (Object option :
          Class.forName("com.sun.nio.file.ExtendedOpenOption").getEnumConstants()) {
        if (option.toString().equals("DIRECT")) {
          return (OpenOption) option;
        }
      }
    } catch (ClassNotFoundException e) {
      throw new IOException("this JDK writes through the page cache only", e);
    }
    throw new IOException("this JDK writes through the page cache only");
  }

  /** Seconds for so many bytes over loopback TCP, from one thread to another. */
  static double loopback(long bytes) throws IOException {
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      try (SocketChannel source = SocketChannel.open(server.getLocalAddress());
          SocketChannel target = server.accept()) {
        long begin = System.nanoTime();
        CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> send(source, bytes));
        ByteBuffer into = ByteBuffer.allocateDirect(STEP_BYTES);
        for (long left = bytes; left > 0; ) {
          left -= target.read(into.clear());
        }
        sent.join();
        return seconds(begin);
      }
    }
  }

  private static void send(SocketChannel channel, long bytes) {
    ByteBuffer step = step();
    try {
      for (long left = bytes; left > 0; left -= STEP_BYTES) {
        step.rewind();
        while (step.hasRemaining()) {
          channel.write(step);
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ByteBuffer step() {
    byte[] random = new byte[STEP_BYTES];
    new Random(1).nextBytes(random);
    ByteBuffer step = ByteBuffer.allocateDirect(STEP_BYTES + ALIGNED).alignedSlice(ALIGNED);
    return step.limit(STEP_BYTES).slice().put(random).rewind();
  }

  private static double seconds(long begin) {
    return (System.nanoTime() - begin) / 1e9;
  }
}

package io.quorate.benchmarks.log;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * The bare loop: a file of 64 MiB, filled with zeros beforehand and written again from its start
 * when it is full. Copies the records of a batch into one buffer, writes it in one call, forces.
 */
final class BareFile implements Writer {
  static final int FILE_BYTES = 64 << 20;
  private static final int FILL_BYTES = 1 << 20;

  private final FileChannel file;
  private final Load load;
  private final byte[] record;
  private final ByteBuffer buffer;

  private BareFile(FileChannel file, Load load) {
    this.file = file;
    this.load = load;
    record = Records.value(load.bytes(), 0);
    buffer = ByteBuffer.allocateDirect(load.batchBytes());
  }

  static BareFile open(Path directory, Load load) throws IOException {
    FileChannel file = FileChannel.open(directory.resolve("bare"), CREATE_NEW, WRITE);
    ByteBuffer zeros = ByteBuffer.allocateDirect(FILL_BYTES);
    while (file.position() < FILE_BYTES) {
      file.write(zeros.clear());
    }
    file.force(true);
    file.position(0);
    return new BareFile(file, load);
  }

  @Override
  public void batch() throws IOException {
    buffer.clear();
    for (int i = 0; i < load.writers(); i++) {
      buffer.put(record);
    }
    buffer.flip();
    if (file.position() + buffer.remaining() > FILE_BYTES) {
      file.position(0);
    }
    while (buffer.hasRemaining()) {
      file.write(buffer);
    }
    file.force(false);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}

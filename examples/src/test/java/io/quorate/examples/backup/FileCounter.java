package io.quorate.examples.backup;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.Command;
import io.quorate.DurableStateMachine;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/** Adds numbers, and keeps the sum and the bookmark in one file that is replaced as a whole. */
final class FileCounter implements DurableStateMachine {
  private final Path file;
  private long total;
  private int applied;

  FileCounter(Path file) {
    this.file = file;
  }

  /** How many commands this life has applied. */
  int applied() {
    return applied;
  }

  @Override
  public byte @Nullable [] open() throws IOException {
    if (!Files.exists(file)) {
      return null;
    }
    try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
      total = in.readLong();
      return in.readAllBytes();
    }
  }

  @Override
  public void commit(byte[] bookmark) throws IOException {
    Path next = file.resolveSibling(file.getFileName() + ".next");
    try (FileOutputStream out = new FileOutputStream(next.toFile())) {
      DataOutputStream data = new DataOutputStream(out);
      data.writeLong(total);
      data.write(bookmark);
      out.getFD().sync();
    }
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel folder = FileChannel.open(file.toAbsolutePath().getParent())) {
      folder.force(true); // The new name is durable, too.
    }
  }

  @Override
  public byte[] apply(Command command) {
    applied++;
    total += Long.parseLong(new String(command.bytes(), UTF_8));
    return Long.toString(total).getBytes(UTF_8);
  }

  @Override
  public void snapshot(OutputStream out) throws IOException {
    new DataOutputStream(out).writeLong(total);
  }

  @Override
  public void restore(InputStream in) throws IOException {
    total = new DataInputStream(in).readLong();
  }
}

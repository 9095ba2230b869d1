package io.quorate.runtime;

import io.quorate.spi.Entry;
import io.quorate.spi.Lead;
import io.quorate.spi.Payload;
import io.quorate.spi.Snapshots;
import io.quorate.spi.Stamp;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What stands in a snapshot in front of the session table and the user's state
 * (docs/wire-format.md): all else that replicas agree on at that entry.
 *
 * @param configurations the chain of epochs: the FOUNDING, CONFIGURATION and STOP entries up to
 *     here
 * @param commandIndex of the last command
 * @param time cluster time
 * @param fence the last leader whose first entry was applied; its epoch is 0 if there was none
 */
record SnapshotHead(List<Entry> configurations, long commandIndex, long time, Lead fence) {
  private static final int FORMAT = 1;
  private static final int CONFIGURATIONS_MAX = 1 << 16;
  private static final int VALUE_BYTES_MAX = 1 << 20;

  void write(DataOutputStream out) throws IOException {
    out.writeByte(FORMAT);
    out.writeInt(configurations.size());
    for (Entry entry : configurations) {
      out.writeLong(entry.epoch());
      out.writeLong(entry.index());
      out.writeByte(entry.kind().code());
      writeStamp(out, entry.stamp());
      out.writeInt(entry.value().length());
      out.write(entry.value().toByteArray());
    }
    out.writeLong(commandIndex);
    out.writeLong(time);
    out.writeLong(fence.epoch());
    writeStamp(out, fence.origin());
  }

  /**
   * The head of an open snapshot.
   *
   * @throws io.quorate.spi.StorageException if it is damaged
   * @throws IllegalArgumentException if it is none that this version knows
   */
  static SnapshotHead of(Snapshots.Reader reader) {
    try {
      return read(new DataInputStream(reader.stream()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The reverse of {@link #write}.
   *
   * @throws IllegalArgumentException if the bytes are no head that this version knows
   */
  static SnapshotHead read(DataInputStream in) throws IOException {
    try {
      int format = in.readByte();
      if (format != FORMAT) {
        throw new IllegalArgumentException(
            "a snapshot of format " + format + "; this version reads format " + FORMAT);
      }
      int count = bounded(in.readInt(), CONFIGURATIONS_MAX, "configurations");
      List<Entry> configurations = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        configurations.add(
            new Entry(
                in.readLong(),
                in.readLong(),
                Entry.Kind.of(in.readByte()),
                readStamp(in),
                Payload.of(readBytes(in, VALUE_BYTES_MAX))));
      }
      return new SnapshotHead(
          configurations, in.readLong(), in.readLong(), new Lead(in.readLong(), readStamp(in)));
    } catch (EOFException e) {
      throw new IllegalArgumentException("a snapshot that ends early", e);
    } catch (IllegalStateException e) {
      throw new IllegalArgumentException("no snapshot: " + e.getMessage(), e);
    }
  }

  static byte[] readBytes(DataInputStream in, int most) throws IOException {
    byte[] bytes = new byte[bounded(in.readInt(), most, "bytes")];
    in.readFully(bytes);
    return bytes;
  }

  static int bounded(int count, int most, String what) {
    if (count < 0 || count > most) {
      throw new IllegalArgumentException(
          "no snapshot has " + count + " " + what + " where at most " + most + " may be");
    }
    return count;
  }

  private static void writeStamp(DataOutputStream out, Stamp stamp) throws IOException {
    out.writeLong(stamp.high());
    out.writeLong(stamp.low());
  }

  private static Stamp readStamp(DataInputStream in) throws IOException {
    return new Stamp(in.readLong(), in.readLong());
  }
}

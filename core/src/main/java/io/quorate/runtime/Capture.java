package io.quorate.runtime;

import io.quorate.SnapshotWriter;
import io.quorate.spi.Snapshots;
import io.quorate.spi.Stamp;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * All that replicas agree on behind one entry, taken while nothing was applied: to be written as
 * the content of a snapshot.
 *
 * @param index the last entry that was applied
 * @param stamp that entry's
 * @param front head and session table, encoded
 * @param state writes the user's state
 * @param apart whether that may be done while commands go on, by another thread
 */
record Capture(
    long epoch, long index, Stamp stamp, byte[] front, SnapshotWriter state, boolean apart) {
  static final int BUFFER_BYTES = 64 << 10;

  /** Writes it as this replica's newest snapshot, which it is on return. */
  Snapshots.Snapshot writeTo(Snapshots snapshots) throws IOException {
    try (Snapshots.Writer writer = snapshots.take(epoch, index, stamp)) {
      OutputStream out = new BufferedOutputStream(new Content(writer), BUFFER_BYTES);
      out.write(front);
      state.write(out);
      out.flush();
      return writer.finish();
    }
  }

  /** Closed by nobody: what the user's code does to its stream does not end the snapshot. */
  static final class Content extends OutputStream {
    private final Snapshots.Writer writer;

    Content(Snapshots.Writer writer) {
      this.writer = writer;
    }

    @Override
    public void write(int value) {
      writer.write(ByteBuffer.wrap(new byte[] {(byte) value}));
    }

    @Override
    public void write(byte[] from, int offset, int length) {
      writer.write(ByteBuffer.wrap(from, offset, length));
    }
  }
}

package io.quorate.testkit.invariants;

import io.quorate.spi.Snapshots;
import io.quorate.spi.Stamp;
import io.quorate.testkit.WorldFault;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Snapshots that are noted in a {@link SyncedImage} as soon as they are finished. */
record WatchedSnapshots(Snapshots snapshots, SyncedImage image, Consumer<WorldFault> onSnapshot)
    implements Snapshots {
  @Override
  public @Nullable Reader newest() {
    return snapshots.newest();
  }

  @Override
  public @Nullable Reader at(long epoch, long index) {
    return snapshots.at(epoch, index);
  }

  @Override
  public Writer take(long epoch, long index, Stamp stamp) {
    return new Watched(snapshots.take(epoch, index, stamp), WorldFault.SNAPSHOT_TAKEN);
  }

  @Override
  public Writer receive(Snapshot told) {
    return new Watched(snapshots.receive(told), WorldFault.SNAPSHOT_RECEIVED);
  }

  private final class Watched implements Writer {
    private final Writer writer;
    private final WorldFault kind;

    Watched(Writer writer, WorldFault kind) {
      this.writer = writer;
      this.kind = kind;
    }

    @Override
    public long position() {
      return writer.position();
    }

    @Override
    public long durable() {
      return writer.durable();
    }

    @Override
    public void write(ByteBuffer bytes) {
      writer.write(bytes);
    }

    @Override
    public Snapshot finish() {
      Snapshot finished = writer.finish();
      image.snapshot(finished);
      onSnapshot.accept(kind);
      return finished;
    }

    @Override
    public void abandon() {
      writer.abandon();
    }

    @Override
    public void close() {
      writer.close();
    }
  }
}

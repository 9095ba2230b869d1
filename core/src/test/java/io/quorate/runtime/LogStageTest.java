package io.quorate.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quorate.spi.Entry;
import io.quorate.spi.LogStore;
import io.quorate.spi.Payload;
import io.quorate.spi.Snapshots;
import io.quorate.spi.Stamp;
import io.quorate.spi.StorageException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LogStageTest {
  private final List<String> calls = new ArrayList<>();
  private @Nullable Throwable onWrite;
  private @Nullable Throwable onSync;
  private Bench.@Nullable SteppedWorker worker;
  private long now = Long.MAX_VALUE - 50; // Soon it overflows.
  private final LogStage stage = new LogStage(new Recorder(), this::worker, "log", () -> now);
  private final Owner a = new Owner("a");
  private final Owner b = new Owner("b");

  @Test
  void allThatWaitsIsWrittenThenSyncedOnceAndEachOwnerHearsOnce() {
    submit(a, 1);
    submit(b, 1);
    submit(a, 2);
    submit(a, 3);
    run();
    assertEquals(
        List.of("write", "write", "write", "write", "sync", "b durable 1", "a durable 3"), calls);
  }

  @Test
  void whatComesWhileASyncIsDueIsReportedByTheNextOne() {
    submit(a, 1);
    worker().step(); // Written, not synced.
    submit(a, 2);
    run();
    assertEquals(List.of("write", "sync", "a durable 1", "write", "sync", "a durable 2"), calls);
  }

  @Test
  @DisplayName("IS4: what was asked for first is written first, records among entries too")
  void theOrderOfWhatWasAskedForIsKept() {
    LogStage.Request request = new LogStage.Request(a.log, a);
    Entry entry = new Entry(1, 1, Entry.Kind.BATCH, Stamp.NONE, Payload.EMPTY);
    request.save(new byte[] {1}, 1);
    request.write(entry, 2);
    request.save(new byte[] {2}, 3);
    stage.submit(request);
    run();
    assertEquals(List.of("save", "write", "save", "sync", "a durable 3"), calls);
  }

  @Test
  void nothingIsSyncedWhereNothingWaits() {
    worker().wake();
    run();
    assertEquals(List.of(), calls);
  }

  @Test
  @DisplayName("D1: after a failed sync no ticket is reported, though the next sync would succeed")
  void afterAFailedSyncNoTicketIsEverReported() {
    onSync = new StorageException("no space", null);
    submit(a, 1);
    submit(b, 1);
    run();
    onSync = null;
    submit(a, 2);
    run();
    assertEquals(List.of("write", "write", "sync", "a failed", "b failed", "a failed"), calls);
  }

  @Test
  void aFailedWriteIsNotSyncedAndWhateverIsThrownCounts() {
    onWrite = new OutOfMemoryError("heap");
    submit(a, 1);
    run();
    onWrite = null;
    submit(b, 1);
    run();
    assertEquals(List.of("write", "a failed", "b failed"), calls);
  }

  @Test
  @DisplayName("D6: the log is silent from when something is owed, until anything is done")
  void howLongTheLogIsSilent() {
    assertEquals(0, stage.silentNanos(now + 1000));
    submit(a, 1);
    now += 70;
    submit(b, 1);
    assertEquals(70, stage.silentNanos(now));
    worker().step(); // Written, not synced.
    assertEquals(0, stage.silentNanos(now));
    now += 30;
    assertEquals(30, stage.silentNanos(now));
    run();
    assertEquals(0, stage.silentNanos(now + 1000));
    now += 100;
    submit(a, 2);
    assertEquals(
        5, stage.silentNanos(now + 5), "the time in which nothing was owed does not count");
  }

  private void submit(Owner owner, long ticket) {
    LogStage.Request request = new LogStage.Request(owner.log, owner);
    request.write(new Entry(1, ticket, Entry.Kind.BATCH, Stamp.NONE, Payload.EMPTY), ticket);
    stage.submit(request);
  }

  private void run() {
    boolean more = true;
    while (more) {
      more = worker().step();
    }
  }

  private Workers.Worker worker(String name, Workers.Turn turn) {
    Bench.SteppedWorker made = new Bench.SteppedWorker(turn);
    worker = made;
    return made;
  }

  private Bench.SteppedWorker worker() {
    Bench.SteppedWorker made = worker;
    if (made == null) {
      throw new IllegalStateException("the stage has made no worker");
    }
    return made;
  }

  private final class Owner implements LogStage.Listener {
    final String name;
    final LogStore.Group log = new Recorder();

    Owner(String name) {
      this.name = name;
    }

    @Override
    public void durable(long ticket) {
      calls.add(name + " durable " + ticket);
    }

    @Override
    public void failed(StorageException cause) {
      calls.add(name + " failed");
    }
  }

  private final class Recorder implements LogStore, LogStore.Group {
    @Override
    public Group group(long group, int member, long freshIncarnation) {
      return this;
    }

    @Override
    public void remove(long group) {
      calls.add("remove");
    }

    @Override
    public void release(long epoch, long upTo) {
      calls.add("release");
    }

    @Override
    public void seal(long epoch, long index, byte[] next) {
      calls.add("seal");
    }

    @Override
    public void sync() {
      calls.add("sync");
      raise(onSync);
    }

    @Override
    public long durable() {
      return 0;
    }

    @Override
    public void close() {}

    @Override
    public Recovered recovered() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void write(Entry entry) {
      calls.add("write");
      raise(onWrite);
    }

    @Override
    public void truncate(long epoch, long from) {}

    @Override
    public void save(byte[] record) {
      calls.add("save");
    }

    @Override
    public void read(long epoch, long from, int maxBytes, Sink sink) {}

    @Override
    public Snapshots snapshots() {
      throw new UnsupportedOperationException();
    }
  }

  private static void raise(@Nullable Throwable failure) {
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
  }
}

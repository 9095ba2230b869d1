package io.quorate.storage.disk;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Deletes the files of segments that were given up, or makes spares of them, on the helper. What
 * cannot be deleted is tried again with the next ones, and by the next opening of the log.
 */
final class Leftovers implements Closeable {
  private final Disk disk;
  private final Executor helper;
  private final Spares spares;
  private final ProgressMeter meter;
  private final ArrayDeque<Segments.InUse> waiting = new ArrayDeque<>();
  private boolean closed;

  Leftovers(Disk disk, Executor helper, Spares spares, ProgressMeter meter) {
    this.disk = disk;
    this.helper = helper;
    this.spares = spares;
    this.meter = meter;
  }

  /** Deletes their files, and lets go of them. The record that gives them up is durable. */
  void delete(List<Segments.InUse> dropped) {
    add(dropped);
    helper.execute(this::deleteAll);
  }

  private synchronized void add(List<Segments.InUse> dropped) {
    waiting.addAll(dropped);
  }

  private synchronized void deleteAll() {
    if (closed || waiting.isEmpty()) {
      return;
    }
    try {
      List<String> there = disk.list();
      List<String> renamed = new ArrayList<>();
      // The oldest first: then what is left is found as one run, or in front of a gap.
      while (!waiting.isEmpty()) {
        Segments.InUse oldest = waiting.element();
        boolean isRead = !oldest.takeBack();
        if (there.contains(oldest.segment.name())) {
          remove(oldest.segment, isRead, renamed);
        }
        waiting.remove();
        if (isRead) {
          oldest.letGo();
        }
      }
      disk.syncDirectory();
      renamed.forEach(spares::add); // Not before: their old names must not come back any more.
    } catch (IOException e) {
      meter.stop(0, "a segment that is not needed could not be deleted: " + e.getMessage());
    }
  }

  private void remove(Segment segment, boolean isRead, List<String> renamed) throws IOException {
    if (isRead || !spares.wants(segment, renamed.size())) {
      disk.delete(segment.name());
    } else {
      disk.rename(segment.name(), Spares.name(segment));
      renamed.add(Spares.name(segment));
    }
  }

  /** Waits for the helper; closes what is not deleted. */
  @Override
  public synchronized void close() throws IOException {
    closed = true;
    while (!waiting.isEmpty()) {
      waiting.remove().letGo();
    }
  }
}

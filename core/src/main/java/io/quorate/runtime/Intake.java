package io.quorate.runtime;

import io.quorate.runtime.Calls.Received;
import io.quorate.spi.Payload;
import io.quorate.spi.Stamp;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What waits at the leader to become batches: this replica's own proposals and what came over
 * connections. Batching is natural: a batch is what arrived while the last one was on its way. Loop
 * only.
 */
final class Intake {
  private final Proposals own;
  private final Admission admission;
  private final ArrayDeque<Received> received = new ArrayDeque<>();
  private final List<Batch.Source> sources = new ArrayList<>();
  private int bytes;
  private boolean ownFirst;

  Intake(Proposals own, Admission admission) {
    this.own = own;
    this.admission = admission;
  }

  /** Takes a command in, unless too much waits or the disk is full. */
  boolean add(Received command) {
    if (!admission.admitCommand(command.length())) {
      return false;
    }
    received.add(command);
    return true;
  }

  /** Drops what came over connections: whoever sent it will send it to the next leader. */
  void dropReceived() {
    received.forEach(command -> admission.release(command.length()));
    received.clear();
  }

  /** Encodes the next batch; null if nothing waits. */
  @Nullable Origin next(long time, long epoch, Stamp origin) {
    gather();
    if (sources.isEmpty()) {
      return null;
    }
    ByteBuffer out = Batch.begin(time, epoch, origin, sources.size(), bytes);
    int[] clients = null;
    for (int i = 0; i < sources.size(); i++) {
      Batch.Source source = sources.get(i);
      Batch.put(out, source);
      if (source instanceof Received command && command.client != 0) {
        clients = clients == null ? new int[sources.size()] : clients;
        clients[i] = command.client;
      }
    }
    return new Origin(Batch.end(out), clients);
  }

  private void gather() {
    sources.clear();
    bytes = 0;
    ownFirst = !ownFirst;
    if (ownFirst) {
      gatherOwn();
      gatherReceived();
    } else {
      gatherReceived();
      gatherOwn();
    }
  }

  private void gatherOwn() {
    for (Batch.Source next = own.peek(); next != null && fits(next); next = own.peek()) {
      sources.add(own.take());
    }
  }

  private void gatherReceived() {
    for (Received next = received.peek(); next != null && fits(next); next = received.peek()) {
      sources.add(received.remove());
      admission.release(next.length());
    }
  }

  /** A command that is larger than a batch may be is a batch of its own. */
  private boolean fits(Batch.Source source) {
    int size = Batch.sizeOf(source);
    if (!sources.isEmpty() && bytes + size > Batch.BYTES_MAX) {
      return false;
    }
    bytes += size;
    return true;
  }

  /** A batch that this replica proposed, with who waits for its outcomes. */
  static final class Origin {
    final Payload value;
    final int @Nullable [] clients;

    /** 0 until the engine has given it. */
    long index;

    long proposedAt;

    Origin(Payload value, int @Nullable [] clients) {
      this.value = value;
      this.clients = clients;
    }
  }
}

package io.quorate.runtime;

import io.quorate.spi.Check;
import io.quorate.spi.Effects;
import io.quorate.spi.Entry;
import io.quorate.spi.LogStore;
import io.quorate.spi.Payload;
import io.quorate.spi.Protocol;
import io.quorate.spi.Stamp;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes an engine's consequences: what is for disk and network is gathered until the end of the
 * turn, the rest goes to the replica at once. Loop only.
 */
final class EngineEffects<M> implements Effects<M> {
  /** The replica's side. */
  interface Replica {
    void written(Entry entry);

    void truncated(long from);

    void committed(long index);

    void readable(long id, long index);

    void unreadable(long id);

    void lease(long since, long until);

    void leader(int member, Stamp stamp);

    void transferFailed(String why);

    void fetch(int to, long from, int maxBytes);

    void needSnapshot(int from, long index);
  }

  private final Replica replica;
  private final Protocol<M> protocol;
  private final Tail tail;
  private final Outbox outbox;
  private final LogStore.Group store;
  private final LogStage.Listener owner;
  private final long group;
  private final long epoch;
  private final long incarnation;
  private LogStage.@Nullable Request request;
  private long ticket;

  EngineEffects(
      Replica replica,
      LogStage.Listener owner,
      Protocol<M> protocol,
      Tail tail,
      Outbox outbox,
      LogStore.Group store,
      Address address) {
    this.replica = replica;
    this.owner = owner;
    this.protocol = protocol;
    this.tail = tail;
    this.outbox = outbox;
    this.store = store;
    group = address.group();
    epoch = address.epoch();
    incarnation = address.incarnation();
  }

  /** What stands on every message. */
  record Address(long group, long epoch, long incarnation) {}

  @Override
  public long write(Entry entry) {
    request().write(entry, ++ticket);
    tail.write(entry, ticket);
    replica.written(entry);
    return ticket;
  }

  @Override
  public long truncate(long from) {
    tail.truncate(from);
    request().truncate(epoch, from, ++ticket);
    replica.truncated(from);
    return ticket;
  }

  @Override
  public long save(byte[] record) {
    Check.that(
        record.length <= 4096, "IC13 an engine's record is at most 4 KiB", record.length, 4096);
    request().save(record, ++ticket);
    return ticket;
  }

  @Override
  public void send(int to, M message) {
    List<Payload> values = new ArrayList<>(2);
    byte[] header = protocol.encode(message, values);
    outbox.add(to, group, epoch, incarnation, header, values);
  }

  @Override
  public void commit(long index) {
    Check.that(
        index == 0 || tail.holds(index), "IC3 what is committed is written", index, tail.last());
    replica.committed(index);
  }

  @Override
  public void readable(long id, long index) {
    replica.readable(id, index);
  }

  @Override
  public void unreadable(long id) {
    replica.unreadable(id);
  }

  @Override
  public void lease(long since, long until) {
    replica.lease(since, until);
  }

  @Override
  public void leader(int member, Stamp stamp) {
    replica.leader(member, stamp);
  }

  @Override
  public void transferFailed(String why) {
    replica.transferFailed(why);
  }

  @Override
  public void fetch(int to, long from, int maxBytes) {
    replica.fetch(to, from, maxBytes);
  }

  @Override
  public void needSnapshot(int from, long index) {
    replica.needSnapshot(from, index);
  }

  /** Gives up the log up to the index, behind all that the engine has written so far. */
  void release(long upTo) {
    request().release(epoch, upTo, ticket);
  }

  /** Hands the writes of the turn to the log stage. */
  void flush(LogStage stage) {
    LogStage.Request writes = request;
    if (writes != null) {
      request = null;
      stage.submit(writes);
    }
  }

  private LogStage.Request request() {
    if (request == null) {
      request = new LogStage.Request(store, owner);
    }
    return request;
  }
}

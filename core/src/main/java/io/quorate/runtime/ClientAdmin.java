package io.quorate.runtime;

import io.quorate.Admin;
import io.quorate.Cluster;
import io.quorate.SnapshotInfo;
import io.quorate.Status;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/** What an operator asks, as questions of a client. Any thread. */
final class ClientAdmin implements Admin {
  private static final int THE_LEADER = 0;

  /** Asks a member, or 0 for the leader. */
  interface Asking {
    CompletableFuture<byte[]> ask(int member, Verb verb, byte[] arguments);
  }

  private final Cluster cluster;
  private final Asking asking;
  private final RandomGenerator numbers;

  ClientAdmin(Cluster cluster, Asking asking, RandomGenerator numbers) {
    this.cluster = cluster;
    this.asking = asking;
    this.numbers = numbers;
  }

  @Override
  public CompletableFuture<Status> status(int member) {
    cluster.address(member);
    return statusOf(member);
  }

  private CompletableFuture<Status> statusOf(int member) {
    return asking
        .ask(member, Verb.STATUS, new byte[0])
        .thenApply(answer -> StatusCodec.decode(ByteBuffer.wrap(answer)));
  }

  @Override
  public CompletableFuture<List<Status.Member>> members() {
    return statusOf(THE_LEADER).thenApply(Status::members);
  }

  @Override
  public CompletableFuture<Void> transfer(int member) {
    return done(THE_LEADER, Verb.TRANSFER, new Wire.Out(4).putInt(member));
  }

  @Override
  public CompletableFuture<SnapshotInfo> snapshot(int member) {
    cluster.address(member);
    return ordered(member, Verb.SNAPSHOT, new Wire.Out(8).putLong(numbers.nextLong()));
  }

  @Override
  public CompletableFuture<SnapshotInfo> backup(int member, String directory) {
    cluster.address(member);
    return ordered(
        member, Verb.BACKUP, new Wire.Out(64).putLong(numbers.nextLong()).putText(directory));
  }

  private CompletableFuture<SnapshotInfo> ordered(int member, Verb verb, Wire.Out arguments) {
    ByteBuffer bytes = arguments.end();
    return ordered(member, verb, Wire.bytes(bytes, bytes.remaining()));
  }

  /** Asks again until it is done: each ask is answered in time, whatever the order takes. */
  private CompletableFuture<SnapshotInfo> ordered(int member, Verb verb, byte[] arguments) {
    return asking
        .ask(member, verb, arguments)
        .thenCompose(
            answer ->
                SnapshotInfoCodec.isUnderWay(answer)
                    ? ordered(member, verb, arguments)
                    : CompletableFuture.completedFuture(SnapshotInfoCodec.decode(answer)));
  }

  @Override
  public CompletableFuture<Void> add(int member, String address) {
    return done(THE_LEADER, Verb.ADD, new Wire.Out(64).putInt(member).putText(address));
  }

  @Override
  public CompletableFuture<Void> remove(int member) {
    return done(THE_LEADER, Verb.REMOVE, new Wire.Out(4).putInt(member));
  }

  @Override
  public CompletableFuture<Void> replace(int member, String address) {
    return done(THE_LEADER, Verb.REPLACE, new Wire.Out(64).putInt(member).putText(address));
  }

  private CompletableFuture<Void> done(int member, Verb verb, Wire.Out arguments) {
    ByteBuffer bytes = arguments.end();
    return asking.ask(member, verb, Wire.bytes(bytes, bytes.remaining())).thenAccept(answer -> {});
  }
}

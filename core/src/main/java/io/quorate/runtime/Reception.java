package io.quorate.runtime;

import io.quorate.runtime.Calls.Query;
import io.quorate.spi.Loop;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Hands what comes over connections to whoever it is for; all but the engine's messages. Loop only.
 */
final class Reception {
  private final int self;
  private final Peers peers;
  private final AdminDesk admin;
  private final Forwarding forwarding;
  private final Intake intake;
  private final ClientDesk desk;
  private final ApplyStage apply;
  private final DiskWatch disk;
  private final SnapshotDesk snapshots;
  private final HandOver handOver;
  private final Loop loop;
  private final long timeoutNanos;
  private final Consumer<Query> queries;

  Reception(
      int self,
      Peers peers,
      AdminDesk admin,
      Forwarding forwarding,
      Intake intake,
      ClientDesk desk,
      ApplyStage apply,
      DiskWatch disk,
      SnapshotDesk snapshots,
      HandOver handOver,
      Loop loop,
      long timeoutNanos,
      Consumer<Query> queries) {
    this.self = self;
    this.peers = peers;
    this.admin = admin;
    this.forwarding = forwarding;
    this.intake = intake;
    this.desk = desk;
    this.apply = apply;
    this.disk = disk;
    this.snapshots = snapshots;
    this.handOver = handOver;
    this.loop = loop;
    this.timeoutNanos = timeoutNanos;
    this.queries = queries;
  }

  /** A client does not speak for members. */
  static void checkSender(int from, int kind) {
    if (from <= 0 && Wire.isBetweenMembers(kind)) {
      throw new IllegalArgumentException("a client may not send frames of the kind " + kind);
    }
  }

  /** A frame from a sender that was checked; after the group. */
  void received(int from, int kind, ByteBuffer in, int leader) {
    switch (kind) {
      case Wire.FORWARD -> {
        if (leader == self) { // Else the sender finds out who leads, and sends it again.
          forwarding.forwarded(from, in);
        }
      }
      case Wire.TURNED_AWAY -> forwarding.turnedAway(in, loop.nanoTime());
      case Wire.REFUSED -> peers.refusedBy(from, in.getLong());
      case Wire.FULL -> disk.heard(from, in.get() != 0, loop.nanoTime());
      case Wire.SNAPSHOT_ASK -> snapshots.asked(from, in);
      case Wire.SNAPSHOT_PART -> snapshots.part(loop.nanoTime(), from, in, handOver.commit());
      case Wire.OPEN -> desk.open(from, leader, apply.progress().time());
      case Wire.PROPOSE -> {
        if (leader == self) {
          desk.propose(from, in, intake);
        } else {
          desk.open(from, leader, apply.progress().time());
        }
      }
      case Wire.QUERY -> desk.query(from, in, loop.nanoTime() + timeoutNanos, queries);
      case Wire.ADMIN -> admin.asked(from, in);
      default -> throw new IllegalArgumentException("no frame has the kind " + kind);
    }
  }
}

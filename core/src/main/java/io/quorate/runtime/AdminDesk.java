package io.quorate.runtime;

import io.quorate.Status;
import io.quorate.runtime.Outcome.Code;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.function.Supplier;

/** Answers what operators ask of this replica, also once it has ended. Loop only. */
final class AdminDesk {
  private final String protocol;
  private final ClientDesk desk;
  private final Supplier<Status> status;
  private final Transfers transfers;
  private final SnapshotOrders snapshots;

  AdminDesk(
      String protocol,
      ClientDesk desk,
      Supplier<Status> status,
      Transfers transfers,
      SnapshotOrders snapshots) {
    this.protocol = protocol;
    this.desk = desk;
    this.status = status;
    this.transfers = transfers;
    this.snapshots = snapshots;
  }

  /** A frame of the kind {@link Wire#ADMIN}, after the group. */
  void asked(int client, ByteBuffer in) {
    while (in.hasRemaining()) {
      long id = in.getLong();
      Verb verb = Verb.of(in.get());
      ByteBuffer arguments = Wire.slice(in, in.getInt());
      switch (verb) {
        case STATUS -> desk.answer(client, id, own());
        case TRANSFER -> transfers.asked(client, id, arguments.getInt());
        case SNAPSHOT, BACKUP -> snapshots.asked(client, id, verb, arguments);
        default -> desk.answer(client, id, unsupported(verb));
      }
    }
    desk.flush();
  }

  private Outcome own() {
    return new Outcome(Code.OK, 0, StatusCodec.encode(status.get()));
  }

  private Outcome unsupported(Verb verb) {
    return Outcome.text(Code.UNSUPPORTED, 0, sentence(protocol, verb.name()));
  }

  /** That an engine cannot do something yet. */
  static String sentence(String protocol, String verb) {
    return protocol
        + " does not support \""
        + verb.toLowerCase(Locale.ROOT)
        + "\" yet, in this version, and nothing was done: a later one may";
  }
}

package io.quorate.runtime;

import io.quorate.QuorateException;
import io.quorate.runtime.Calls.ClientQuery;
import io.quorate.runtime.Calls.Query;
import io.quorate.runtime.Calls.Received;
import io.quorate.spi.Transport;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Talks to the clients that are connected to this replica. Loop only. */
final class ClientDesk {
  private final Transport.Link link;
  private final long group;
  private final TreeSet<Integer> clients = new TreeSet<>();
  private final Admission admission;
  private final ClientOutcomes outcomes;

  ClientDesk(Transport.Link link, long group, Admission admission, Executor settling) {
    this.link = link;
    this.group = group;
    this.admission = admission;
    outcomes =
        new ClientOutcomes(
            group, (client, frame) -> send(client, Wire.OUTCOMES, frame), admission, settling);
  }

  /** A client asks who leads; it is told now and at every change. */
  void open(int client, int leader, long time) {
    clients.add(client);
    tell(client, leader, time);
  }

  /** The leader has changed. */
  void tellAll(int leader, long time) {
    clients.forEach(client -> tell(client, leader, time));
  }

  private void tell(int client, int leader, long time) {
    send(client, Wire.OPENED, Wire.Out.ofGroup(group, 12).putInt(leader).putLong(time).end());
  }

  void disconnected(int client) {
    clients.remove(client);
  }

  /** Commands of a client go to the intake, or are refused. */
  void propose(int client, ByteBuffer in, Intake intake) {
    while (in.hasRemaining()) {
      Received command = Wire.command(in, client);
      if (!intake.add(command)) {
        refuse(client, false, command.sequence());
      }
    }
  }

  private void refuse(int client, boolean query, long id) {
    Refusal why = query ? Admission.LOAD : admission.commandRefusal();
    outcomes.add(client, query, id, why.outcome());
  }

  /** Questions of a client go to the taker, or are refused. */
  void query(int client, ByteBuffer in, long deadline, Consumer<Query> taker) {
    while (in.hasRemaining()) {
      long id = in.getLong();
      int mode = in.get();
      long seen = in.getLong();
      long age = mode == Wire.AGED ? in.getLong() : -1;
      byte[] question = Wire.bytes(in, in.getInt());
      if (admission.admit(question.length)) {
        taker.accept(new ClientQuery(client, id, question, deadline, Wire.mode(mode), seen, age));
      } else {
        refuse(client, true, id);
      }
    }
  }

  /** The outcome of what was asked under that id. */
  void answer(int client, long id, Outcome outcome) {
    outcomes.add(client, true, id, outcome);
  }

  void fail(Query query, Throwable cause) {
    outcomes.fail(query, cause);
  }

  void refuse(Query query, QuorateException cause) {
    outcomes.refuse(query, cause);
  }

  void flush() {
    outcomes.flush();
  }

  private void send(int client, int kind, ByteBuffer frame) {
    link.send(client, kind, frame, List.of());
  }
}

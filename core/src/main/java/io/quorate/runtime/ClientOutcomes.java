package io.quorate.runtime;

import io.quorate.QuorateException;
import io.quorate.TooStaleException;
import io.quorate.runtime.Calls.ClientQuery;
import io.quorate.runtime.Calls.Query;
import io.quorate.runtime.Outcome.Code;
import java.util.TreeMap;
import java.util.concurrent.Executor;

/** Gathers what clients are to be told, so that one frame goes to each. One thread only. */
final class ClientOutcomes {
  /** Together with what waits already it fits a frame. */
  static final int ANSWER_BYTES_MAX = 3 << 20;

  private final long group;
  private final Wire.Sender sender;
  private final Admission admission;
  private final Executor settling;
  private final TreeMap<Integer, Wire.Out> frames = new TreeMap<>();

  /**
   * For the clients of a group.
   *
   * @param sender sends {@link Wire#OUTCOMES}
   * @param admission what a query gives back to when it is settled
   * @param settling where futures of this process fail
   */
  ClientOutcomes(long group, Wire.Sender sender, Admission admission, Executor settling) {
    this.group = group;
    this.sender = sender;
    this.admission = admission;
    this.settling = settling;
  }

  void add(int client, boolean query, long id, Outcome outcome) {
    Wire.Out frame = frames.get(client);
    if (frame == null) {
      frame = Wire.Out.ofGroup(group, 1024);
      frames.put(client, frame);
    }
    frame.putOutcome(query, id, outcome);
    if (frame.size() >= Wire.FRAME_BYTES) {
      frames.remove(client);
      sender.send(client, frame.end());
    }
  }

  void answer(Query query, long commandIndex, byte[] answer) {
    if (query instanceof ClientQuery remote) {
      if (answer.length > ANSWER_BYTES_MAX) {
        throw new IllegalStateException(
            "the answer has "
                + answer.length
                + " bytes; a client is sent at most "
                + ANSWER_BYTES_MAX
                + ": ask for less at a time");
      }
      release(query);
      add(remote.client, true, remote.id, new Outcome(Code.OK, commandIndex, answer));
    } else {
      release(query);
      query.complete(answer);
    }
  }

  void fail(Query query, Throwable cause) {
    fail(query, Code.FAILED, cause);
  }

  /** This replica ends; another one may answer. */
  void refuse(Query query, QuorateException cause) {
    fail(query, Code.NOT_LEADER, cause);
  }

  private void fail(Query query, Code code, Throwable cause) {
    release(query);
    if (query instanceof ClientQuery remote) {
      add(remote.client, true, remote.id, outcome(code, cause));
    } else {
      settling.execute(() -> query.fail(cause));
    }
  }

  private static Outcome outcome(Code code, Throwable cause) {
    String text = String.valueOf(cause.getMessage());
    if (cause instanceof TooStaleException old) {
      boolean known = !old.age().equals(TooStaleException.UNKNOWN);
      return Outcome.text(Code.TOO_STALE, known ? old.age().toMillis() : -1, text);
    }
    return Outcome.text(code, 0, text);
  }

  private void release(Query query) {
    if (query.question != Query.NOTHING) {
      admission.release(query.length());
    }
  }

  void flush() {
    if (!frames.isEmpty()) {
      frames.forEach((client, frame) -> sender.send(client, frame.end()));
      frames.clear();
    }
  }
}

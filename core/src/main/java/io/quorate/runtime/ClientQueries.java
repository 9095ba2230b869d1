package io.quorate.runtime;

import io.quorate.QuorateException;
import io.quorate.ReadMode;
import io.quorate.TooStaleException;
import io.quorate.runtime.Calls.Query;
import io.quorate.runtime.Outcome.Code;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The questions of a client, to state machines and to members, that are not answered. Loop only.
 */
final class ClientQueries {
  /** Sends frames of a kind. */
  interface Sender {
    void send(int to, int kind, Wire.Out frame);
  }

  /** A question to a member; 0: to whoever leads. */
  static final class MemberQuery extends Query {
    private final int member;
    private final int kind;
    private final int selector;

    /** A question to a state of limited age. */
    MemberQuery(int member, byte[] question, long deadline, long ageNanosMax) {
      super(question, deadline, ageNanosMax);
      this.member = member;
      kind = Wire.QUERY;
      selector = Wire.AGED;
    }

    /**
     * A question.
     *
     * @param kind of its frame, {@link Wire#QUERY} or {@link Wire#ADMIN}
     * @param selector what stands before it: {@link Wire#mode(ReadMode)}, or the verb
     */
    MemberQuery(int member, int kind, int selector, byte[] question, long deadline) {
      super(question, deadline, kind == Wire.QUERY ? Wire.mode(selector) : ReadMode.STALE);
      this.member = member;
      this.kind = kind;
      this.selector = selector;
    }
  }

  private static final class Asked {
    private final MemberQuery query;
    private boolean sent;

    Asked(MemberQuery query) {
      this.query = query;
    }
  }

  private final long group;
  private final Admission admission;
  private final TreeMap<Long, Asked> asked = new TreeMap<>();
  private long lastId;

  ClientQueries(long group, Admission admission) {
    this.group = group;
    this.admission = admission;
  }

  void add(MemberQuery query) {
    asked.put(++lastId, new Asked(query));
  }

  boolean isEmpty() {
    return asked.isEmpty();
  }

  /**
   * Sends what was not sent to whom it is for, if he is connected.
   *
   * @param seen the command index that no answer may be older than
   */
  void send(int leader, Set<Integer> connected, long seen, Sender sender) {
    for (Map.Entry<Long, Asked> entry : asked.entrySet()) {
      Asked next = entry.getValue();
      MemberQuery query = next.query;
      int to = query.member == 0 ? target(query, leader, connected) : query.member;
      if (!next.sent && connected.contains(to)) {
        next.sent = true;
        Wire.Out frame = Wire.Out.ofGroup(group, 32 + query.length());
        frame.putLong(entry.getKey()).putByte(query.selector);
        if (query.kind == Wire.QUERY) {
          frame.putLong(seen);
        }
        if (query.kind == Wire.QUERY && query.selector == Wire.AGED) {
          frame.putLong(query.ageNanosMax);
        }
        sender.send(to, query.kind, frame.putInt(query.length()).put(query.question));
      }
    }
  }

  /** Without a leader a quorum may be asked through any member. */
  private static int target(Query query, int leader, Set<Integer> connected) {
    boolean any = query.mode == ReadMode.QUORUM && !connected.contains(leader);
    return any && !connected.isEmpty() ? connected.iterator().next() : leader;
  }

  /** Another leader, or none: what was for the leader goes again. */
  void leaderChanged() {
    asked.values().forEach(next -> next.sent &= next.query.member != 0);
  }

  /** The connection broke: what went to that member, or may have, goes again. */
  void disconnected(int member) {
    for (Asked next : asked.values()) {
      next.sent &= next.query.member != member && next.query.member != 0;
    }
  }

  void answered(long id, Outcome outcome) {
    Asked answered = asked.get(id);
    if (answered == null) {
      return;
    }
    if (outcome.code() == Code.NOT_LEADER && answered.query.member == 0) {
      answered.sent = false; // Another one may answer.
      return;
    }
    asked.remove(id);
    admission.release(answered.query.length());
    if (outcome.code() == Code.OK) {
      answered.query.complete(outcome.value());
    } else {
      answered.query.fail(outcome.exception());
    }
  }

  /** Fails what waits for too long. */
  void failOverdue(long now, Supplier<String> situation) {
    Iterator<Asked> all = asked.values().iterator();
    while (all.hasNext()) {
      Query query = all.next().query;
      if (now - query.deadline >= 0) {
        all.remove();
        admission.release(query.length());
        String why = "the query was not answered in time; " + situation.get();
        query.fail(
            query.ageNanosMax < 0
                ? new QuorateException(why)
                : new TooStaleException(why, TooStaleException.UNKNOWN));
      }
    }
  }

  /** Takes out all. For the end. */
  List<Query> all() {
    List<Query> all = new ArrayList<>();
    asked.values().forEach(next -> all.add(next.query));
    asked.clear();
    return all;
  }
}

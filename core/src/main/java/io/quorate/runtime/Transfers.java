package io.quorate.runtime;

import io.quorate.runtime.Outcome.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;

/**
 * Transfers of leadership that operators have asked for, and the one that a replica asks for which
 * is to be closed. Loop only.
 */
/* An operator is answered when the effect is there, never because it was begun: when the one asked
 * for leads, or when the engine has given up. If another leads than the one asked for, or this replica
 * leads anew, the client is told that it asked in the wrong place, and asks whoever leads.
 */
final class Transfers {
  private static final int WAITING_MAX = 256;

  private final int self;
  private final ClientDesk desk;
  private final IntSupplier leader;
  private final IntConsumer engine;
  private final List<Asked> waiting = new ArrayList<>();
  private Runnable retired = () -> {};
  private boolean retiring;

  private record Asked(int client, long id, int target) {}

  /**
   * Of a replica.
   *
   * @param leader who leads, as is known here
   * @param engine has the engine hand over to a member, 0 for any
   */
  Transfers(int self, ClientDesk desk, IntSupplier leader, IntConsumer engine) {
    this.self = self;
    this.desk = desk;
    this.leader = leader;
    this.engine = engine;
  }

  /** An operator asks that the target leads. */
  void asked(int client, long id, int target) {
    if (leader.getAsInt() == target) {
      desk.answer(client, id, new Outcome(Code.OK, 0, new byte[0]));
    } else if (waiting.size() >= WAITING_MAX) {
      desk.answer(client, id, failure("too many wait for a transfer already"));
    } else if (leader.getAsInt() == self) {
      waiting.add(new Asked(client, id, target));
      engine.accept(target);
    } else if (!waiting.isEmpty() && waiting.get(0).target == target) {
      waiting.add(new Asked(client, id, target));
    } else {
      desk.answer(client, id, elsewhere());
    }
  }

  /**
   * This replica is to be closed; {@code then} runs once another leads, or none is to be had.
   *
   * @return whether that is yet to come
   */
  boolean retire(Runnable then) {
    retiring = true;
    retired = then;
    if (leader.getAsInt() == self) {
      engine.accept(0);
    } else {
      retired();
    }
    return retiring;
  }

  /** The engine has given up. */
  void failed(String why) {
    answer(failure("leadership was not handed over: " + why));
    retired();
  }

  /** Who leads has changed; 0 while nobody is known to. */
  void leaderChanged(int to) {
    if (to == 0) {
      return;
    }
    for (Asked asked : take()) {
      Outcome outcome = asked.target == to ? new Outcome(Code.OK, 0, new byte[0]) : elsewhere();
      desk.answer(asked.client, asked.id, outcome);
    }
    if (to != self) {
      retired();
    }
  }

  /** The replica ends. */
  void end() {
    answer(elsewhere());
    retired();
  }

  private void retired() {
    if (retiring) {
      retiring = false;
      retired.run();
    }
  }

  private void answer(Outcome outcome) {
    take().forEach(asked -> desk.answer(asked.client, asked.id, outcome));
  }

  private List<Asked> take() {
    List<Asked> all = List.copyOf(waiting);
    waiting.clear();
    return all;
  }

  private static Outcome failure(String why) {
    return Outcome.text(Code.NOT_TRANSFERRED, 0, why);
  }

  private Outcome elsewhere() {
    int known = leader.getAsInt();
    return Outcome.text(
        Code.NOT_LEADER, known, "member " + self + " does not lead: ask the one that does");
  }
}

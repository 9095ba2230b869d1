package io.quorate.runtime;

import io.quorate.spi.Transport.Position;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How far the disks of other members were durable, by their own word. Each handshake says it to
 * them again, so that one whose disk was put back to an older state finds out. In memory only; of a
 * member the four newest incarnations. Any thread.
 */
/* Nobody but the member itself can compare. What is heard may be late: a hello may arrive behind
 * frames that were sent after it on another connection, and shows less than they did though nothing
 * was lost. But a replica that has lost nothing has, whenever it is asked, all that it ever said it
 * had (IS5); so the claim goes back to who made it.
 */
final class Positions {
  private static final int INCARNATIONS_MAX = 4;

  private final Map<Integer, List<Position>> said = new HashMap<>();

  /** A replica has said how far its disk is durable. */
  synchronized void heard(int member, long incarnation, long durable) {
    if (durable == 0) {
      return; // It keeps nothing.
    }
    List<Position> all = said.computeIfAbsent(member, id -> new ArrayList<>(1));
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).incarnation() == incarnation) {
        if (all.get(i).durable() < durable) {
          all.set(i, new Position(incarnation, durable));
        }
        return;
      }
    }
    if (all.size() == INCARNATIONS_MAX) {
      all.remove(0);
    }
    all.add(new Position(incarnation, durable));
  }

  /** The furthest of the newest incarnation of a member. */
  synchronized Position of(int member) {
    List<Position> all = said.getOrDefault(member, List.of());
    return all.isEmpty() ? Position.NONE : all.get(all.size() - 1);
  }

  /** The furthest of one incarnation of a member. */
  synchronized Position of(int member, long incarnation) {
    for (Position one : said.getOrDefault(member, List.of())) {
      if (one.incarnation() == incarnation) {
        return one;
      }
    }
    return Position.NONE;
  }
}

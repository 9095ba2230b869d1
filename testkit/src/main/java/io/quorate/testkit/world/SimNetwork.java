package io.quorate.testkit.world;

import io.quorate.spi.Transport;
import io.quorate.testkit.WorldFault;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who can reach whom, and all connections. Members have positive ids, clients negative ones; what
 * is said of a way holds for both.
 */
public final class SimNetwork {
  private static final int TRIES = 8;

  private final Setting setting;
  private final Names names;
  private final Ways ways = new Ways();
  private final Memory memory = new Memory();
  private final TreeMap<Integer, SimLink> links = new TreeMap<>();
  private final List<SimConnection> connections = new ArrayList<>();
  private final TreeMap<Integer, Ambush> ambushes = new TreeMap<>();
  private long frames;

  /** Of the bulk that is sent to a member. */
  private record Ambush(int frames, long restNanos) {}

  public SimNetwork(Setting setting) {
    this.setting = setting;
    names = new Names(setting.agenda());
  }

  /** The transport of one process. */
  public Transport transport(Life life) {
    return (address, listener) -> {
      SimLink link = new SimLink(this, life, listener);
      links.put(life.member, link);
      if (address != null) {
        names.listens(address, life.member);
      }
      return link;
    };
  }

  public Setting setting() {
    return setting;
  }

  Agenda agenda() {
    return setting.agenda();
  }

  Weather weather() {
    return setting.weather();
  }

  Trace trace() {
    return setting.trace();
  }

  Incidents incidents() {
    return setting.incidents();
  }

  Memory memory() {
    return memory;
  }

  long nextFrame() {
    return ++frames;
  }

  // Connections

  /** Whom a process finds at an address; null if nobody listens there. */
  @Nullable SimLink find(int from, String address) {
    Integer member = names.resolve(address, from);
    SimLink link = member == null ? null : links.get(member);
    boolean there = link != null && !link.life().isOver();
    if (!there && names.isOutdated(address, from)) {
      incidents().happened(WorldFault.OLD_ADDRESS_DIALLED);
    }
    return there ? link : null;
  }

  void add(SimConnection connection) {
    connections.removeIf(SimConnection::isForgotten);
    connections.add(connection);
  }

  /** A process is gone: its connections break. */
  public void ended(Life life) {
    for (SimConnection connection : List.copyOf(connections)) {
      if (connection.isOf(life)) {
        connection.breakOff();
      }
    }
  }

  /** Breaks one connection that is up, if the number hits one. */
  public void breakOne(int number) {
    if (!connections.isEmpty()) {
      connections.get(number % connections.size()).breakOff();
    }
  }

  /**
   * Of the frames of bulk that are sent to a member the one behind so many breaks the connection
   * that it is sent over; that cannot be dialled for so long.
   */
  public void breakBulk(int to, int frames, long restNanos) {
    ambushes.put(to, new Ambush(frames, restNanos));
  }

  /** No frame of bulk breaks its connection any more. */
  public void keepBulk() {
    ambushes.clear();
  }

  /** For how long the connection rests that breaks as bulk is sent to a member; below 0: none. */
  long breaksBulk(int to) {
    Ambush ambush = ambushes.remove(to);
    if (ambush == null) {
      return -1;
    }
    if (ambush.frames > 0) {
      ambushes.put(to, new Ambush(ambush.frames - 1, ambush.restNanos));
      return -1;
    }
    return ambush.restNanos;
  }

  /**
   * The connection that one dialled to the other, if there is one, is reset in the middle of the
   * next frame that goes either way on it.
   */
  public void reset(int from, int to) {
    for (SimConnection connection : connections) {
      if (connection.from() == from && connection.to() == to && connection.isUp()) {
        connection.resetsNext(true);
      }
    }
  }

  /** Some frame of before comes once more, if a draw hits one for whom a connection is up. */
  public boolean replayOld() {
    for (int i = 0; i < TRIES; i++) {
      Frame frame = memory.any(weather());
      SimLane lane = frame == null ? null : laneUp(frame.from(), frame.to());
      if (frame != null && lane != null) {
        lane.replay(frame);
        return true;
      }
    }
    return false;
  }

  private @Nullable SimLane laneUp(int from, int to) {
    for (SimConnection connection : connections) {
      SimLane lane = connection.isUp() ? connection.lane(from, to) : null;
      if (lane != null) {
        return lane;
      }
    }
    return null;
  }

  // Ways

  boolean isBlocked(int from, int to) {
    return ways.isBlocked(from, to);
  }

  long slowNanos(int from, int to) {
    return ways.slowNanos(from, to);
  }

  /** Whatever is on its way from one to the other is lost, until {@link #heal}. */
  public void block(int from, int to) {
    trace().between("block", from, to, 0);
    ways.block(from, to);
  }

  /** Whatever is sent from one to the other takes longer, until {@link #heal}. */
  public void slow(Collection<Integer> from, Collection<Integer> to, long nanos) {
    for (int source : from) {
      for (int sink : to) {
        trace().between("slow", source, sink, nanos);
        ways.slow(source, sink, nanos);
      }
    }
  }

  /** All ways are open and fast, and who holds one end of a dead connection learns of it. */
  public void heal() {
    trace().add("heal", 0, ways.blocked());
    ways.heal();
    for (SimConnection connection : List.copyOf(connections)) {
      connection.resetsNext(false);
      connection.bulk().mend();
      connection.noticeEnd();
    }
  }

  /**
   * Breaks the connections of a member with those that it cannot reach, or that cannot reach it.
   */
  public void breakBlocked() {
    for (SimConnection connection : List.copyOf(connections)) {
      int from = connection.from();
      int to = connection.to();
      if (isBlocked(from, to) || isBlocked(to, from)) {
        connection.breakOff();
      }
    }
  }

  // Addresses

  /**
   * A member that is down listens elsewhere from now on, by the same name; each other process goes
   * to the old place for a drawn while.
   *
   * @param tenant who has the old address now; null for nobody
   */
  public void move(String name, int member, @Nullable Integer tenant, long nanosMax) {
    trace().add("move", member, tenant == null ? 0 : tenant);
    incidents().happened(WorldFault.MEMBER_MOVED);
    names.moves(name, tenant);
    for (int process : links.keySet()) {
      if (process != member) {
        names.outdated(name, process, weather().upTo(nanosMax));
      }
    }
  }
}

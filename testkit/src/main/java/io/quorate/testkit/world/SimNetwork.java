package io.quorate.testkit.world;

import io.quorate.spi.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which member can reach which, and all connections between them. */
public final class SimNetwork {
  private final Agenda agenda;
  private final Weather weather;
  private final Trace trace;
  private final TreeMap<String, SimLink> listening = new TreeMap<>();
  private final Set<Way> blocked = new TreeSet<>();
  private final List<SimConnection> connections = new ArrayList<>();

  /** One direction between two members. */
  private record Way(int from, int to) implements Comparable<Way> {
    @Override
    public int compareTo(Way other) {
      int byFrom = Integer.compare(from, other.from);
      return byFrom != 0 ? byFrom : Integer.compare(to, other.to);
    }
  }

  public SimNetwork(Agenda agenda, Weather weather, Trace trace) {
    this.agenda = agenda;
    this.weather = weather;
    this.trace = trace;
  }

  /** The transport of one process. */
  public Transport transport(Life life) {
    return (address, listener) -> {
      if (address == null) {
        throw new Transport.TransportException("simulated: only members take part", null);
      }
      SimLink link = new SimLink(this, life, listener);
      listening.put(address, link);
      return link;
    };
  }

  public Agenda agenda() {
    return agenda;
  }

  public Weather weather() {
    return weather;
  }

  public Trace trace() {
    return trace;
  }

  public @Nullable SimLink at(String address) {
    SimLink link = listening.get(address);
    return link == null || link.life().isOver() ? null : link;
  }

  public void add(SimConnection connection) {
    connections.removeIf(SimConnection::isForgotten);
    connections.add(connection);
  }

  public boolean isBlocked(int from, int to) {
    return !blocked.isEmpty() && blocked.contains(new Way(from, to));
  }

  /** Whatever is on its way from one to the other is lost, until {@link #heal}. */
  public void block(int from, int to) {
    trace.add("block", from, to, 0);
    blocked.add(new Way(from, to));
  }

  /** All ways are open again, and who holds one end of a broken connection learns of it. */
  public void heal() {
    trace.add("heal", 0, blocked.size(), 0);
    blocked.clear();
    List.copyOf(connections).forEach(SimConnection::noticeBreak);
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
}

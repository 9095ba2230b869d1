package io.quorate.testkit.engine;

import io.quorate.spi.Check;
import io.quorate.spi.Configuration;
import io.quorate.spi.Entry;
import io.quorate.spi.Member;
import io.quorate.spi.Protocol;
import io.quorate.spi.Stamp;
import io.quorate.testkit.Witness;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * Several engines with a network and a clock that the test moves by hand. Whatever it moves, {@link
 * Watch} checks after every effect what must always hold.
 *
 * @param <M> the engine's messages
 * @param <R> a replica, with what the tests of that engine ask it
 */
/* A message is on its way until somebody delivers or drops it; a write until somebody syncs it. So a
 * test says exactly what has arrived and what is durable at each moment, and what it does not say has
 * not happened. `settle` and `run` are for all that a story is not about.
 */
public abstract class EngineGroup<M, R extends EngineReplica<M>> {
  /** A millisecond, in nanoseconds. */
  public static final long MILLI = 1_000_000;

  /** The election timeout of a protocol whose options nobody has changed, in nanoseconds. */
  public static final long T = 1_000 * MILLI;

  private static final long LONGEST_ELECTION_TIMER = T + T / 4;

  /** A message on its way. */
  public record Flight<M>(Member from, int to, M message) {}

  private final Protocol<M> protocol;
  private final Witness<M> witness;
  private final Watch watch;
  private final Random random;
  private final Configuration founding;
  private final List<R> replicas = new ArrayList<>();
  private final List<Flight<M>> flights = new ArrayList<>();
  private final List<Flight<M>> history = new ArrayList<>();
  private final TreeSet<Integer> isolated = new TreeSet<>();
  private boolean recording;
  private long now = -5 * MILLI; // A monotonic clock may begin below zero.

  /** For a group of so many; the constructor of the class that extends this {@link #add}s them. */
  protected EngineGroup(Protocol<M> protocol, Witness<M> witness, int voters, long seed) {
    this(protocol, witness, voters, seed, 0);
  }

  /** With leases. */
  protected EngineGroup(
      Protocol<M> protocol, Witness<M> witness, int voters, long seed, long leaseMillis) {
    this.protocol = protocol;
    this.witness = witness;
    watch = new Watch(witness.rules(), protocol::compareStamps, voters);
    random = new Random(seed);
    founding = founding(protocol.name(), voters, leaseMillis);
  }

  /** The next member, by its id. */
  protected final void add(R replica) {
    Check.that(replica.self().equals(member(replicas.size() + 1)), "members come by their ids");
    replica.boot();
    replicas.add(replica);
  }

  /** The member with that id, in its first incarnation. */
  public static Member member(int id) {
    return new Member(id, 1000 + id);
  }

  /** What all know before the group is founded. */
  private static Configuration founding(String protocol, int voters, long leaseMillis) {
    List<Configuration.Voter> named = new ArrayList<>();
    for (int id = 1; id <= voters; id++) {
      named.add(new Configuration.Voter(new Member(id, 0), "n" + id + ":7000"));
    }
    return new Configuration(new UUID(7, 7), 1, protocol, named, leaseMillis, 0, 0);
  }

  /** What the user configured: all members, without incarnations. */
  public Configuration founding() {
    return founding;
  }

  /** The founding entry's configuration: all members, as they are. */
  public Configuration founded() {
    List<Member> members = new ArrayList<>();
    replicas.forEach(replica -> members.add(replica.self()));
    return founding.withMembers(members);
  }

  /** Starts all engines. */
  public void start() {
    replicas.forEach(EngineReplica::start);
  }

  /** All members, by id. */
  public List<R> replicas() {
    return replicas;
  }

  /** The member with that id. */
  public R replica(int id) {
    return replicas.get(id - 1);
  }

  // ---- the clock ----

  /** The engines' clock. */
  public long now() {
    return now;
  }

  /** Time passes, and nobody notices before the next input. */
  public void pass(long nanos) {
    now += nanos;
  }

  // ---- the network ----

  /** What is on its way, in the order of sending. The test may take out or put in what it likes. */
  public List<Flight<M>> flights() {
    return flights;
  }

  /** What of that kind is on its way. */
  public List<M> messages(Class<? extends M> kind, int from, int to) {
    return flights.stream()
        .filter(flight -> flight.from().id() == from && flight.to() == to)
        .map(Flight::message)
        .filter(kind::isInstance)
        .toList();
  }

  /** From now on all that is sent is kept in {@link #history}. */
  public void record() {
    recording = true;
  }

  /** What was sent since {@link #record}. */
  public List<Flight<M>> history() {
    return history;
  }

  /** A message arrives, if its way is free and the member is up. */
  public void deliver(Flight<M> flight) {
    R to = replica(flight.to());
    if (to.isUp() && !isCut(flight)) {
      to.receive(flight.from(), flight.message());
      observe();
    }
  }

  private boolean isCut(Flight<M> flight) {
    return isolated.contains(flight.to()) != isolated.contains(flight.from().id());
  }

  /** Delivers and removes the messages that fit, once each. */
  public void deliver(Predicate<Flight<M>> which) {
    List<Flight<M>> chosen = flights.stream().filter(which).toList();
    flights.removeAll(chosen);
    chosen.forEach(this::deliver);
  }

  /** Delivers and removes the messages of that kind. */
  public void deliver(Class<? extends M> kind) {
    deliver(flight -> kind.isInstance(flight.message()));
  }

  /** The messages that fit are lost. */
  public void drop(Predicate<Flight<M>> which) {
    flights.removeIf(which);
  }

  /** Cuts the member off; those that are cut off hear each other. */
  public void isolate(int id) {
    isolated.add(id);
  }

  /** Whether anybody is cut off. */
  public boolean isPartitioned() {
    return !isolated.isEmpty();
  }

  /** All hear each other again. */
  public void heal() {
    isolated.clear();
  }

  // ---- letting things run ----

  /** Delivers all in order until nothing moves. What waits for a disk goes on waiting. */
  public void settle() {
    int steps = 0;
    while (!flights.isEmpty() || replicas.stream().anyMatch(R::isFetching)) {
      Check.that(++steps < 1_000_000, "the group settles");
      if (!flights.isEmpty()) {
        deliver(flights.remove(0));
      }
      for (R replica : replicas) {
        while (replica.isFetching()) {
          replica.answerFetch();
        }
      }
    }
  }

  /** Time passes; everything is delivered and durable at once. */
  public void run(long nanos) {
    long end = now + nanos;
    runUntil(() -> false, end);
    now = end;
  }

  /** Steps from deadline to deadline, until the condition holds or time is over. */
  public boolean runUntil(BooleanSupplier condition, long end) {
    settleAll();
    while (!condition.getAsBoolean()) {
      long next = end;
      for (R replica : replicas) {
        if (replica.isUp() && replica.engine().deadline() - next < 0) {
          next = replica.engine().deadline();
        }
      }
      if (next - end >= 0) {
        return condition.getAsBoolean();
      }
      now = Math.max(now, next);
      tickDue();
      settleAll();
    }
    return true;
  }

  /** Whoever asked for the time is told. */
  void tickDue() {
    for (R replica : replicas) {
      if (replica.isUp() && replica.engine().deadline() - now <= 0) {
        replica.tick();
        observe();
      }
    }
  }

  private void settleAll() {
    do {
      settle();
      for (R replica : replicas) {
        if (replica.isUp()) {
          replica.sync();
        }
      }
      observe();
    } while (!flights.isEmpty());
  }

  /** Its election timer fires. */
  public void expire(int id) {
    now += LONGEST_ELECTION_TIMER + 1;
    replica(id).tick();
  }

  /** Makes that member's timer the first to fire, and lets it win; others' timers stay. */
  public void elect(int id) {
    R replica = replica(id);
    now += LONGEST_ELECTION_TIMER + MILLI;
    replica.tick();
    observe();
    settleAll();
    Check.that(replica.leads(), "the chosen one leads: " + replica.engine().status());
  }

  /** Of those that lead, the one that does it under the latest stamp. */
  public R leader() {
    return replicas.stream()
        .filter(EngineReplica::leads)
        .max((a, b) -> protocol.compareStamps(stampOf(a), stampOf(b)))
        .orElseThrow();
  }

  /** Whether anybody takes commands. */
  public boolean isOpen() {
    return replicas.stream().anyMatch(EngineReplica::isOpen);
  }

  /** Asks for a read that has to see all that is committed anywhere by now. */
  public void read(R replica, long id) {
    watch.asked(id);
    replica.read(id);
  }

  /** The same, of a quorum. */
  public void readOfQuorum(R replica, long id) {
    watch.asked(id);
    replica.readOfQuorum(id);
  }

  // ---- what must always hold ----

  /** Looks at who leads; also called after each input that the group itself moves. */
  public void observe() {
    for (R replica : replicas) {
      if (replica.leads() && watch.leads(replica.self(), stampOf(replica))) {
        elected(replica);
      }
    }
  }

  private Stamp stampOf(R replica) {
    return replica.engine().status().stamp();
  }

  /** A member leads under a stamp that nobody has led under before. */
  protected void elected(R replica) {}

  /** Compares the logs of all, for who can say more of them than is checked when they change. */
  protected void compareLogs() {}

  /** Under which stamps members have led. */
  public Map<Stamp, Integer> leaders() {
    return watch.leaders();
  }

  /** Up to where anybody has committed. */
  public long committed() {
    return watch.committed();
  }

  /** The entries that somebody has committed, as the first who did had them. */
  public List<Entry> committedEntries() {
    return watch.committedEntries();
  }

  /** Whoever may answer alone knows all that is committed. */
  void checkLeases(EngineReplica<M> committing, long index) {
    for (R replica : replicas) {
      Check.that(
          replica == committing || !replica.holdsLease() || index <= replica.commit(),
          "IC26 beside a lease nothing is committed that its holder does not know: "
              + committing
              + " "
              + replica,
          index,
          replica.commit());
    }
  }

  void sent(EngineReplica<M> from, int to, M message) {
    witness.testifies(from.self(), to, message, new Testimony(from, watch, message));
    Flight<M> flight = new Flight<>(from.self(), to, message);
    flights.add(flight);
    if (recording) {
      history.add(flight);
    }
  }

  Watch watch() {
    return watch;
  }

  Protocol<M> protocol() {
    return protocol;
  }

  /** Draws for an engine that is made. */
  Random random() {
    return new Random(random.nextLong());
  }
}
